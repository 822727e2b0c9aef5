import { expect, test } from 'vitest';

import { finalStatuses, nextStatus, type RunEvent, type RunStatus } from '../../src/model/run.ts';

const start: RunEvent = { kind: 'start' };
const next: RunEvent = { kind: 'next-attempt' };
const defer: RunEvent = { kind: 'defer' };
const due: RunEvent = { kind: 'due' };
const end = (status: (typeof finalStatuses)[number]): RunEvent => ({ kind: 'end', status });

test.each<[RunStatus, RunEvent, RunStatus | undefined]>([
  ['queued', start, 'running'],
  ['queued', next, undefined],
  ['queued', defer, undefined],
  ['queued', due, undefined],
  ['queued', end('cancelled'), 'cancelled'],
  ['queued', end('failed'), 'failed'],
  ['queued', end('succeeded'), undefined],
  ['queued', end('lost'), undefined],
  ['running', start, undefined],
  ['running', next, 'running'],
  ['running', defer, 'deferred'],
  ['running', due, undefined],
  ...finalStatuses.map((status): [RunStatus, RunEvent, RunStatus] => ['running', end(status), status]),
  ['deferred', start, undefined],
  ['deferred', next, undefined],
  ['deferred', defer, undefined],
  ['deferred', due, 'queued'],
  ['deferred', end('cancelled'), 'cancelled'],
  ['deferred', end('timed-out'), undefined],
  ...finalStatuses.flatMap((status) =>
    [start, next, defer, due, end('failed')].map((event): [RunStatus, RunEvent, undefined] => [
      status,
      event,
      undefined,
    ]),
  ),
])('a run that is %s has %o as next: %s', (from, event, expected) => {
  expect(nextStatus(from, event)).toBe(expected);
});
