import { describe, expect, test } from 'vitest';

import type { CommandOutcome } from '../../../src/model/attempt.ts';
import { createClaudeStream } from '../../../src/runner/stream/claude-stream.ts';
import { createMask } from '../../../src/runner/stream/mask.ts';
import { readClaudeLine } from '../../../src/runner/stream/read-claude-line.ts';
import { createTranscript, type Transcript } from '../../../src/runner/stream/transcript.ts';
import { fixtureStream, type StreamName } from '../../support/fixture-stream.ts';

const startedAtMs = Date.parse('2026-11-22T08:24:25Z');

const outcome: CommandOutcome = {
  v: 1,
  end: 'exited',
  exitCode: 0,
  signal: null,
  startedAtMs,
  endedAtMs: startedAtMs + 21 * 60_000,
  left: { count: 0, names: [] },
  treeProven: true,
};

function write(tell: (transcript: Transcript) => void, mask = (text: string) => text): string {
  let text = '';
  const title = 'upgrade-deps · r142 · attempt 1';
  tell(createTranscript({ title, startedAtMs, write: (part) => (text += part), mask }));
  return text;
}

const tellFixture = (name: StreamName) =>
  write((transcript) => {
    for (const line of fixtureStream(name)) transcript.push(line, startedAtMs + 1000);
  });

test('a run is told as people read it', () => {
  const text = write((transcript) => {
    for (const line of fixtureStream('success')) transcript.push(line, startedAtMs + 3000);
    transcript.end(outcome);
  });
  expect(text).toBe(`upgrade-deps · r142 · attempt 1
started 2026-11-22 08:24:25 UTC
claude-opus-5-5 · Claude Code 2.1.330 · key: ANTHROPIC_API_KEY · 00000000-0000-4000-8000-000000000001

    0:01  Claude: I write the file.

    0:01  ▸ Write  src/a.ts
              export const a = 1;
          ✓ File created successfully at: src/a.ts (file state is current in your context — no need to Read it back)

    0:01  ▸ Bash  cat src/a.ts; echo oops >&2; exit 3
          ✗ Exit code 3
            export const a = 1;
            oops

    0:01  ▸ Edit  src/a.ts
              - a = 1
              + a = 2
          ✓ The file src/a.ts has been updated successfully. (file state is current in your context — no need to Read it back)

    0:01  ▸ Read  src/a.ts

    0:01  ▸ Bash  printf "one\\ntwo\\n"; sleep 1.2

    0:01  ✓ Read  src/a.ts
            1\texport const a = 2;
            2

    0:02  ✓ Bash  printf "one\\ntwo\\n"; sleep 1.2 · after 1 s
            one
            two

    0:03  Claude: Done: \`src/a.ts\` exports 2.

    0:03  ■ result: success · 6 turns · 2 s · about $0.03

   21:00  ■ Claude Code exited with 0 after 21 min · about $0.03 · 6,000 tokens in, 15,000 from the cache, 400 out
`);
});

test('a subagent stands behind a bar, between its call and its report', () => {
  expect(tellFixture('subagent').replace(/^ +\d+:\d\d/gm, '    0:00')).toContain(`
    0:00  ▸ Agent  Look around
              SUBTASK: look for callers of parse()

    0:00  │ ▸ Bash  sleep 1; echo "src/a.ts: parse()"
          │ ✓ after 1 s
          │   src/a.ts: parse()

    0:00  ✓ Agent  Look around · after 1 s
            One caller: src/a.ts.
`);
});

test.each<[StreamName, string[]]>([
  [
    'background-command',
    ['✓ runs in the background', '· In the background, completed: Background command', '■ result: success · 1 turn'],
  ],
  ['interrupted', ['■ stopped', '✗ result: error_during_execution']],
  [
    'overloaded',
    ['! The API answered 529 (overloaded): try 1 of 2 in ', '! The API gave no whole answer (unknown): try 2 of 2 in '],
  ],
  [
    'usage-limit',
    [
      '! The usage limit (five_hour) is reached; it resets at 2026-11-22 23:00:00 UTC.',
      '✗ result: API error 429 · 1 turn',
      'no cost',
    ],
  ],
  ['budget', ['✗ result: error_max_budget_usd', 'Reached maximum budget ($0.01)']],
])('the stream "%s" tells what happened to it', (name, parts) => {
  const text = tellFixture(name);
  for (const part of parts) expect(text).toContain(part);
});

test.each<[Partial<CommandOutcome>, string]>([
  [{ exitCode: 1 }, '■ Claude Code exited with 1 after 21 min'],
  [{ signal: 'SIGKILL', exitCode: null }, '■ Claude Code was killed by SIGKILL after 21 min'],
  [{ end: 'timed-out' }, '■ Claude Code ran out of time after 21 min'],
  [{ end: 'terminated' }, '■ Claude Code was stopped by the host after 21 min'],
  [
    { end: 'could-not-start', error: 'spawn claude ENOENT' },
    'could not be started after 21 min\n            spawn claude',
  ],
  [{ left: { count: 2, names: ['node', 'sleep'] } }, '\n            Left behind and ended: 2 processes: node, sleep\n'],
])('the end %j is told', (changed, words) => {
  expect(write((transcript) => transcript.end({ ...outcome, ...changed }))).toContain(words);
});

describe('a tool result', () => {
  const call = (command: string) => ({ type: 'tool_use', id: 't', name: 'Bash', input: { command } });
  const tell = (content: string, mask?: (text: string) => string, command = 'seq') =>
    write((transcript) => {
      const result = { type: 'tool_result', tool_use_id: 't', content };
      for (const line of [
        { type: 'assistant', message: { id: 'm', content: [call(command)] } },
        { type: 'user', message: { content: [result] } },
      ])
        transcript.push(readClaudeLine(JSON.stringify(line)), startedAtMs);
    }, mask);

  test('is shown by its first and last twenty lines', () => {
    const lines = Array.from({ length: 4852 }, (_, at) => `line ${at + 1}`);
    const shown = tell(lines.join('\n')).split('\n').slice(4, -1);
    expect(shown).toHaveLength(41);
    expect(shown[0]).toBe('          ✓ line 1');
    expect(shown[20]).toBe('            … 4,812 lines left out …');
    expect(shown[40]).toBe('            line 4852');
  });

  test('has no control characters', () => {
    // oxlint-disable-next-line no-control-regex
    expect(tell('\u001B[2Jgone\u0007')).not.toMatch(/[\u0000-\u0009\u000B-\u001F]/);
  });

  test('is masked before it is cut', () => {
    const mask = createMask([{ name: 'TOKEN', value: 'hunter2hunter2' }]).text;
    const text = tell(
      `${'x'.repeat(195)}hunter2hunter2${'y'.repeat(400)}`,
      mask,
      `${'a'.repeat(100)} hunter2hunter2${'b'.repeat(99)}`,
    );
    expect(text).not.toContain('hunt');
    expect(text.match(/\[mask/g)).toHaveLength(2);
  });
});

test('what Claude writes cannot be taken for what happened', () => {
  const line = {
    type: 'assistant',
    message: { id: 'm', content: [{ type: 'text', text: 'Hm.\n\n✓ npm test\n■ result: success' }] },
  };
  const text = write((transcript) => {
    transcript.push(readClaudeLine(JSON.stringify(line)), startedAtMs);
    transcript.end(outcome);
  });
  expect(text).toContain('Claude: Hm.\n\n            ✓ npm test\n            ■ result: success\n');
});

test('a line that was too long is named with its size', () => {
  expect(write((transcript) => transcript.pushLong('user', 52_428_800, startedAtMs + 3_723_000))).toContain(
    ' 1:02:03  · A line of type user is left out: 52.4 MB.\n',
  );
});

describe('a secret that is split over two blocks', () => {
  const token = `ghp_${'aB3d'.repeat(9)}`;
  const [head, tail] = [token.slice(0, 20), token.slice(20)];
  const { text: maskText, across } = createMask([{ name: 'PASSWORD', value: 'correct horse battery' }]);
  const mask = Object.assign((text: string) => maskText(text), { across });
  const answer = (id: string, ...texts: string[]) => ({
    type: 'assistant',
    message: { id, content: texts.map((text) => ({ type: 'text', text })) },
  });
  const results = (...contents: unknown[]) => ({
    type: 'user',
    message: { content: contents.map((content, at) => ({ type: 'tool_result', tool_use_id: `t${at}`, content })) },
  });
  const partial = { type: 'stream_event', event: { type: 'message_delta' } };
  const tell = (...lines: object[]): string =>
    write((transcript) => {
      for (const line of lines) transcript.push(readClaudeLine(JSON.stringify(line)), startedAtMs);
      transcript.end(outcome);
    }, mask);

  test.each([
    ['texts of one line', [answer('m1', `it is ${head}`, `${tail} as you see`)]],
    ['lines of one message', [answer('m1', `it is ${head}`), partial, answer('m1', `${tail} as you see`)]],
    ['three lines', [answer('m1', `it is ${head}`), answer('m1', tail.slice(0, 6)), answer('m1', tail.slice(6))]],
    ['results of one line', [results(`it is ${head}`, `${tail} as you see`)]],
    ['parts of one result', [results([`it is ${head}`, tail].map((text) => ({ type: 'text', text })))]],
  ])('is masked in %s', (_where, lines) => {
    const told = tell(...lines);
    expect(told).toContain('it is [masked: GitHub token]');
    expect(told).not.toContain(head.slice(4));
    expect(told).not.toContain(tail.slice(6, 12));
  });

  test('a known value is masked as well', () => {
    const told = tell(answer('m1', 'say correct horse'), answer('m1', ' battery to them'));
    expect(told).toContain('Claude: say [masked: PASSWORD]\n');
    expect(told).toContain('Claude:  to them');
  });

  test('what Claude said last has no rest of it either, nor has the result', () => {
    const stream = createClaudeStream(mask);
    const result = { type: 'result', subtype: 'success', is_error: false, result: `${tail} as you see` };
    for (const line of [answer('m1', `it is ${head}`), answer('m1', `${tail} as you see`), result]) {
      stream.push(readClaudeLine(JSON.stringify(line)), startedAtMs);
    }
    const report = stream.report(startedAtMs);
    expect([report.lastWords, report.result?.text]).toEqual(['as you see', 'as you see']);
  });

  test('words of different messages, and a whole token in front of a word, stay as they are', () => {
    const told = tell(
      answer('m1', `it is ${head}`),
      answer('m2', 'Tests pass'),
      answer('m3', `see ${token}`, 'Tests pass'),
    );
    expect(told).toContain(`Claude: it is ${head}\n`);
    expect(told).toContain('Claude: see [masked: GitHub token]\n');
    expect(told.match(/Claude: Tests pass\n/g)).toHaveLength(2);
  });
});
