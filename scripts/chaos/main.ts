import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

import { endAll } from './processes.ts';
import { runSeed, type SeedResult } from './run-seed.ts';

const usage = `npm run chaos -- [--seeds N] [--first S] [--keep]

Runs the bot with stand-ins for Claude Code against a Slack of its own, kills and disturbs everything at random, and checks
that nothing was lost, doubled or left alive. The same seed does the same things.

  --seeds N    how many seeds; 25 if left out
  --first S    the first of them; 1 if left out
  --keep       keeps the folders of seeds without a fault as well`;

// A seed waits for about as long as it works.
const atOnce = 2 * availableParallelism();
const places: string[] = [];

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '25' },
    first: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const [count, first] = [values.seeds, values.first].map(Number);
if (values.help || !isCount(count) || !isCount(first)) {
  console.log(usage);
  process.exitCode = values.help ? 0 : 2;
} else {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, giveUp);
  const results = await runSeeds(first, first + count - 1);
  console.log(summarize(results));
  process.exitCode = results.length > 0 && results.every(({ faults }) => faults.length === 0) ? 0 : 1;
}

function isCount(value: number | undefined): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

async function runSeeds(from: number, to: number): Promise<SeedResult[]> {
  const results: SeedResult[] = [];
  let next = from;
  const worker = async (): Promise<void> => {
    while (next <= to) {
      const seed = next;
      next += 1;
      const result = await runSeed(seed, { isKept: values.keep, onPlace: (root) => places.push(root) });
      results.push(result);
      report(result);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

/** The bots and what they supervise would outlive it. */
function giveUp(): never {
  for (const root of places) endAll(root);
  console.log(`Given up. What there was of the last seeds is in ${places.slice(-atOnce).join(' and ')}.`);
  process.exit(1);
}

function report({ seed, kills, occurrences, faults, folder, seconds }: SeedResult): void {
  console.log(`seed ${seed}: ${kills} kills, ${occurrences} occurrences, ${seconds.toFixed(1)} s`);
  for (const { kind, what } of faults) console.log(`  ${kind}: ${what}`);
  if (folder !== undefined) console.log(`  kept in ${folder}`);
}

function summarize(results: SeedResult[]): string {
  const sum = (of: (result: SeedResult) => number): number => results.reduce((total, one) => total + of(one), 0);
  const count = (kind: string): number => sum(({ faults }) => faults.filter((one) => one.kind === kind).length);
  const other = count('broken');
  const [takenUp, outlasted] = [sum((one) => one.takenUp), sum((one) => one.outlasted)];
  return [
    `${takenUp} running attempts were taken up at starts; ${outlasted} limits and cancels came due while no bot ran.\n`,
    `${results.length} seeds, ${sum(({ kills }) => kills)} kills, ${sum(({ occurrences }) => occurrences)} occurrences: `,
    `${count('lost')} lost, ${count('doubled')} doubled, ${count('orphan')} orphans${other === 0 ? '' : `, ${other} other faults`}`,
  ].join('');
}
