import { expect, test } from 'vitest';
import { alarmJobName, createAlarmWriter } from '../../src/db/alarm-writer.ts';
import { createSqliteBackend } from '../../src/scheduler/sqlite-backend.ts';
import { tempDatabases, throwFault } from '../support/temp-database.ts';

const databases = tempDatabases();
const at = new Date('2026-11-23T02:00:00.123Z');

test('an alarm is the row that Agenda would have written itself', async () => {
  const database = databases.create();
  const { repository } = createSqliteBackend({ database, onFault: throwFault });
  const row = database.prepare('SELECT * FROM agenda_jobs WHERE id = ?');
  const { _id: ownId } = await repository.saveJob(
    { name: alarmJobName, type: 'normal', priority: 0, nextRunAt: at, data: undefined },
    undefined,
  );
  const ownRow = row.get(ownId) as object;
  await repository.purgeAllJobs();
  const id = createAlarmWriter(database).write(at);
  expect(row.get(id)).toEqual({ ...ownRow, id });
});

test('an alarm of a change that is rolled back leaves nothing', () => {
  const database = databases.create();
  const alarms = createAlarmWriter(database);
  const change = database.transaction(() => {
    alarms.write(at);
    throw new Error('no');
  });
  expect(() => change.immediate()).toThrow('no');
  expect(database.prepare('SELECT count(*) AS count FROM agenda_jobs').get()).toEqual({ count: 0 });
});

test('alarms for the same instant are one, unless the one that is there has been claimed', () => {
  const database = databases.create();
  const alarms = createAlarmWriter(database);
  const first = alarms.write(at);
  expect(alarms.write(new Date(at))).toBe(first);
  expect(alarms.write(new Date(at.getTime() + 1))).not.toBe(first);
  database.prepare('UPDATE agenda_jobs SET locked_at = 1 WHERE id = ?').run(first);
  expect(alarms.write(at)).not.toBe(first);
});

test('an invalid date is refused, since such an alarm would never ring', () => {
  const alarms = createAlarmWriter(databases.create());
  expect(() => alarms.write(new Date(Number.NaN))).toThrow(RangeError);
});
