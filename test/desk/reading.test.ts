import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';

import { renderText } from '../../src/bots/render-text.ts';
import { startDesk } from '../support/desk-fixture.ts';
import { createFakeRunner } from '../support/fake-runner.ts';

test.each([
  ['list', 'tidy'],
  ['show tidy', 'tidy'],
  ['show r1', 'r1'],
  ['history', 'No runs yet'],
  ['log r1', 'r1'],
  ['projects', 'api'],
  ['help', 'schedule'],
])('%s is answered while another process keeps the store’s lock', async (text, expected) => {
  const fixture = await startDesk({ runner: createFakeRunner() });
  onTestFinished(() => fixture.stop());
  await fixture.say('schedule look around --name tidy --when now');
  await fixture.desk.delivered();
  const other = new Database(fixture.db.$client.name);
  onTestFinished(() => void other.close());
  other.exec('BEGIN IMMEDIATE');
  expect(await fixture.say(text)).toContain(expected);
  expect(fixture.faults).toEqual([]);
});

test('a button that shows something does so while another process keeps the store’s lock, and what changes something fails', async () => {
  const fixture = await startDesk({ runner: createFakeRunner() });
  onTestFinished(() => fixture.stop());
  await fixture.say('schedule look around --name tidy');
  await fixture.desk.delivered();
  const other = new Database(fixture.db.$client.name);
  onTestFinished(() => void other.close());
  other.exec('BEGIN IMMEDIATE');
  const press = async (name: 'show' | 'resume'): Promise<string> => {
    const actor = { person: 'web:ada', channel: 'web:general', eventId: `press:${name}` };
    return renderText((await fixture.desk.handlers.onCommand({ name, target: 'tidy' }, actor)).message, 'UTC');
  };
  expect(await press('show')).toContain('look around');
  expect(await press('resume')).toContain('failed inside nightdesk');
  expect(fixture.faults).toHaveLength(1);
});
