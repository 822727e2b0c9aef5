// A stand-in for Claude Code that prints a long stream at a given rate: `claude-flood.ts <MB> <MB a second>`. Its words tell
// when they were written.
import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

import { makeTurns } from './claude-turns.ts';

const [megabytes = 0, rate = 0] = process.argv.slice(2, 4).map(Number);
const print = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);
// Made once: what is measured is who reads it.
const turns = makeTurns(2_000_000);

print({ type: 'system', subtype: 'init', session_id: 'flood', model: 'flood', claude_code_version: '2.1.330' });
const startedAt = performance.now();
let bytes = 0;
while (bytes < megabytes * 1_000_000) {
  for (const turn of turns) {
    const words = {
      type: 'assistant',
      message: { id: `at${bytes}`, content: [{ type: 'text', text: `at=${Date.now()}` }] },
    };
    bytes += writeSync(1, `${JSON.stringify(words)}\n`) + writeSync(1, turn);
    const ahead = (bytes / rate / 1_000_000) * 1000 - (performance.now() - startedAt);
    if (ahead > 5) await pause(ahead);
  }
}
print({ type: 'result', subtype: 'success', is_error: false, result: 'Done.', num_turns: 1, total_cost_usd: 0.01 });
