import pino from 'pino';
import { expect, test } from 'vitest';

import { createFaultLog } from '../src/fault-log.ts';

test('faults of one instant have references of their own, which the log has too', () => {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (text) => void lines.push(JSON.parse(text)) });
  const onFault = createFaultLog(log);
  const references = Array.from({ length: 50 }, () => onFault(new Error('boom'), 'delivery', { run: 'r1' }));
  expect(new Set(references).size).toBe(50);
  expect(lines.map(({ reference }) => reference)).toEqual(references);
  expect(lines[0]).toMatchObject({ level: 50, run: 'r1', err: { message: 'boom' }, msg: 'A fault in delivery' });
});
