import { expect, onTestFinished, test, vi } from 'vitest';

import { createLog } from '../../src/cli/create-log.ts';

function open(options: Partial<Parameters<typeof createLog>[0]> = {}) {
  const lines: string[] = [];
  const log = createLog({
    level: undefined,
    isTerminal: false,
    secrets: [],
    write: (line) => lines.push(line),
    ...options,
  });
  return { log, lines };
}

test('a line is a JSON object with its level, its time and what it is about', () => {
  const { log, lines } = open();
  log.info({ run: 'r142', attempt: 'r142-1', job: 'tidy', channel: 'web:general' }, 'A run has ended');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 30,
    time: expect.any(Number),
    run: 'r142',
    attempt: 'r142-1',
    job: 'tidy',
    channel: 'web:general',
    msg: 'A run has ended',
  });
  expect(lines[0]).toMatch(/\}\n$/);
});

test('info is what is logged unless another level is set', () => {
  const usual = open();
  usual.log.debug('unheard');
  expect(usual.lines).toEqual([]);
  const more = open({ level: 'debug' });
  more.log.debug('heard');
  expect(more.lines).toHaveLength(1);
});

test('a level that there is not is refused with those that there are', () => {
  expect(() => open({ level: 'loud' })).toThrow('NIGHTDESK_LOG_LEVEL is "loud"; it can be trace, debug, info');
});

test.each([true, false])(
  'no secret of the environment is in a line, wherever a library put it: terminal %s',
  (isTerminal) => {
    const secrets = [
      { name: 'SLACK_BOT_TOKEN', value: 'xoxb-1234-"quoted"' },
      { name: 'LONGER_TOKEN', value: 'xoxb-1234-"quoted"-and-more' },
      { name: 'SHORT_TOKEN', value: 'on' },
    ];
    const { log, lines } = open({ secrets, isTerminal });
    const error = Object.assign(new Error('refused: xoxb-1234-"quoted"'), {
      original: { config: { headers: { Authorization: 'Bearer xoxb-1234-"quoted"-and-more' } } },
    });
    log.error({ err: error, said: { deep: ['xoxb-1234-"quoted"'] } }, 'A fault, xoxb-1234-"quoted", went on');
    expect(lines.join('')).not.toContain('xoxb-1234');
    expect(lines.join('')).toContain('[masked: SLACK_BOT_TOKEN]');
    expect(lines.join('')).toContain('went on');
  },
);

test.each([true, false])(
  'a secret that looks like a part of a time or of an escape breaks no line: terminal %s',
  (isTerminal) => {
    const at = new Date('2026-11-22T02:00:00Z');
    vi.setSystemTime(at);
    onTestFinished(() => void vi.useRealTimers());
    const secrets = [
      { name: 'PIN_SECRET', value: String(at.getTime()).slice(0, 8) },
      { name: 'DATABASE_PASSWORD', value: 'night1' },
    ];
    const { log, lines } = open({ secrets, isTerminal });
    log.info({ night1: 'first\night1' }, `it is ${at.getTime()}`);
    expect(lines.join('')).toContain('[masked: DATABASE_PASSWORD]');
    expect(lines.join('')).toContain(`it is [masked: PIN_SECRET]${String(at.getTime()).slice(8)}`);
    const time = isTerminal ? at.toTimeString().slice(0, 8) : `"time":${at.getTime()},`;
    expect(lines.join('')).toContain(time);
  },
);
