import { afterEach, beforeEach, expect, test } from 'vitest';

import type { Message } from '../../src/model/message.ts';
import { startDesk, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner, fakeCheck, type FakeRunner } from '../support/fake-runner.ts';

let runner: FakeRunner;
let fixture: DeskFixture;

beforeEach(async () => {
  runner = createFakeRunner();
  fixture = await startDesk({ runner });
  await fixture.say('schedule tidy up --name tidy --retries 1 --accept "$ npm test"', 'web:ben');
});
afterEach(() => fixture.stop());

const kindsIn = (message: Message | undefined): string =>
  (message ?? [])
    .flatMap((block) => (block.kind === 'actions' ? block.actions : []))
    .map(({ kind, target }) => `${kind} ${target}`)
    .join(', ');
const on = (key: string): string => kindsIn(fixture.store.outbox.view(key)?.body);
const failing = { checksAfter: [fakeCheck('npm test', 1)], transcriptPath: '/runs/transcript.log' };

test('a job has the buttons that can act now: with a live run it is neither run nor deleted', async () => {
  expect(on('job:1')).toBe('run tidy, pause tidy, edit tidy, delete tidy');
  await fixture.say('run tidy');
  expect(on('job:1')).toBe('pause tidy, edit tidy');
  await fixture.say('pause tidy');
  expect(on('job:1')).toBe('resume tidy, edit tidy');
  runner.report({ checksAfter: [fakeCheck('npm test', 0)] });
  expect(on('job:1')).toBe('run tidy, resume tidy, edit tidy, delete tidy');
  await fixture.say('delete tidy');
  expect(on('job:1')).toBe('');
});

test('a job whose one time is over has no Pause, and has it again with another time', async () => {
  await fixture.say('schedule fix it --name fix --when "at 9am" --accept "$ npm test"');
  expect(on('job:2')).toBe('run fix, pause fix, edit fix, delete fix');
  fixture.clock.moveTo(new Date('2026-11-23T09:00:00Z'));
  expect(on('job:2')).toBe('edit fix');
  runner.report({ checksAfter: [fakeCheck('npm test', 0)] });
  expect(on('job:2')).toBe('run fix, edit fix, delete fix');
  const listed = await fixture.desk.handlers.onText('show fix', {
    person: 'web:ada',
    channel: 'web:general',
    eventId: 'show',
  });
  expect(kindsIn(listed.message)).toBe('run fix, edit fix, delete fix');
  await fixture.say('edit fix --when hourly');
  expect(on('job:2')).toBe('run fix, pause fix, edit fix, delete fix');
  await fixture.say('pause fix');
  expect(on('job:2')).toBe('run fix, resume fix, edit fix, delete fix');
});

test('a run has Cancel while it lives and Retry when it has ended, and its log once there is one', async () => {
  await fixture.say('run tidy');
  expect(on('run:1')).toBe('cancel r1');
  runner.report(failing);
  expect(on('run:1')).toBe('cancel r1, log r1');
  runner.report(failing);
  expect(on('run:1')).toBe('retry r1, retry-with-note r1, log r1');
  await fixture.say('retry r1');
  expect([on('run:1'), on('run:2'), on('job:1')]).toEqual(['log r1', 'cancel r2', 'pause tidy, edit tidy']);
  await fixture.say('cancel r2');
  expect(on('run:2')).toBe('');
  runner.report({ isCancelled: true });
  expect(on('run:1')).toBe('retry r1, retry-with-note r1, log r1');
  await fixture.say('delete tidy');
  expect([on('run:1'), on('run:2')]).toEqual(['log r1', '']);
});

test('a run that ends before it starts gives its job the buttons back', async () => {
  fixture.settings.concurrency = 0;
  await fixture.say('run tidy');
  expect(on('job:1')).toBe('pause tidy, edit tidy');
  await fixture.say('cancel r1');
  expect(on('job:1')).toBe('run tidy, pause tidy, edit tidy, delete tidy');
});

test('list and show have the buttons that the asker may use, and text has none', async () => {
  const ask = async (text: string, person: string) => {
    const eventId = `${person} ${text}`;
    return (await fixture.desk.handlers.onText(text, { person, channel: 'web:general', eventId })).message;
  };
  for (const command of ['list', 'show tidy']) {
    expect(kindsIn(await ask(command, 'web:ben'))).toBe('run tidy, pause tidy, edit tidy, delete tidy');
    expect(kindsIn(await ask(command, 'web:eve'))).toBe('');
  }
  expect(await fixture.say('list')).toBe('tidy · project `api` · on demand only');
});
