import { readFileSync } from 'node:fs';

import type { ClaudeLine } from '../../src/runner/stream/claude-line.ts';
import { readClaudeLine } from '../../src/runner/stream/read-claude-line.ts';

/** Names of the streams of the real CLI (2.1.330) under test/fixtures/streams. */
export type StreamName =
  | 'api-key-limit'
  | 'background-agent'
  | 'background-command'
  | 'budget'
  | 'denied'
  | 'interrupted'
  | 'not-logged-in'
  | 'overloaded'
  | 'subagent'
  | 'success'
  | 'usage-limit';

export function fixtureStream(name: StreamName): ClaudeLine[] {
  const text = readFileSync(new URL(`../fixtures/streams/${name}.jsonl`, import.meta.url), 'utf8');
  return text.trim().split('\n').map(readClaudeLine);
}
