import { createClaudeStream } from '../src/runner/stream/claude-stream.ts';
import { createLineReader } from '../src/runner/stream/json-lines.ts';
import { createMask, type TextMask } from '../src/runner/stream/mask.ts';
import { readClaudeLine } from '../src/runner/stream/read-claude-line.ts';
import { createTranscript } from '../src/runner/stream/transcript.ts';
import { makeTurns } from './claude-turns.ts';
import { printFigures, type Figure } from './measure.ts';

const megabytes = 100;
const chunkBytes = 256 * 1024;

function seconds(work: () => void): number {
  const startedAt = performance.now();
  work();
  return (performance.now() - startedAt) / 1000;
}

function readAll(stream: Buffer, onLine: (text: string) => void): void {
  const reader = createLineReader({ onLine, onLongLine: () => {} });
  for (let at = 0; at < stream.length; at += chunkBytes) reader.push(stream.subarray(at, at + chunkBytes));
}

function tell(stream: Buffer, mask: TextMask): void {
  const facts = createClaudeStream(mask);
  const transcript = createTranscript({ title: 'bench', startedAtMs: 0, write: () => {}, mask });
  readAll(stream, (text) => {
    const read = readClaudeLine(text);
    facts.push(read, 0);
    transcript.push(read, 0);
  });
}

/** Transcript and masking against a bare JSON.parse loop over the same stream. */
export async function benchTranscript(): Promise<void> {
  const stream = Buffer.concat(makeTurns(megabytes * 1_000_000));
  const { text, across } = createMask([{ name: 'TOKEN', value: 'a-value-that-is-nowhere' }]);
  // As runs have it: what reaches from one text into the next is looked for too.
  const mask: TextMask = Object.assign((given: string) => text(given), { across });
  tell(stream.subarray(0, 4_000_000), mask);
  const bare = seconds(() => readAll(stream, (text) => void JSON.parse(text)));
  const unmasked = seconds(() => tell(stream, (text) => text));
  const whole = seconds(() => tell(stream, mask));
  const rate = (taken: number): string =>
    `${(stream.length / 1_000_000 / taken).toFixed(0)} MB/s, ${(taken / bare).toFixed(1)} × the bare loop`;
  const figures: Figure[] = [
    { what: 'JSON.parse alone', value: rate(bare), goal: '1 ×', isMet: true },
    { what: 'transcript without masking', value: rate(unmasked), goal: 'none', isMet: true },
    {
      what: 'transcript with masking',
      value: rate(whole),
      goal: 'a run of 200 MB in a minute',
      isMet: stream.length / 1_000_000 / whole >= 4,
    },
  ];
  printFigures(`Transcript and masking of ${Math.round(stream.length / 1_000_000)} MB`, figures);
}
