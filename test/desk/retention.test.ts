import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { eq } from 'drizzle-orm';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { startApp } from '../../src/app.ts';
import { backUp } from '../../src/cli/backup/back-up.ts';
import { restore } from '../../src/cli/backup/restore.ts';
import { writeBotAddress } from '../../src/cli/bot-address.ts';
import { loadConfig } from '../../src/config.ts';
import { copyBeforeUpdate } from '../../src/db/copy-store.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { views, webAttachments, webMessages, webReactions } from '../../src/db/schema.ts';
import { controlsIn } from '../../src/model/message.ts';
import type { Retention } from '../../src/model/retention.ts';
import { createPaths } from '../../src/runner/paths.ts';
import { startDesk, testProject, type DeskFixture } from '../support/desk-fixture.ts';
import { createFakeRunner, fakeCheck, type FakeRunner } from '../support/fake-runner.ts';
import { usualRetention } from '../support/usual-retention.ts';

const dayMs = 24 * 60 * 60_000;
const retention: Retention = { ...usualRetention, size: { bytes: 1e9 } };
const operations = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

/** What the page on operations says of where and when something goes, by the names in its first column. */
function statedRetention(heading: string): Map<string, string> {
  const table = operations.split(`| ${heading} | what | goes |\n`)[1]?.split('\n\n')[0] ?? '';
  return new Map(
    table
      .split('\n')
      .slice(1)
      .flatMap((row) => {
        const [, names = '', , goes = ''] = row.split(' | ').length > 2 ? ['', ...row.split(' | ')] : [];
        return [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']): [string, string] => [
          name,
          goes.replace(/ \|$/, ''),
        ]);
      }),
  );
}

const saysWhen = /retention\.|day|week|second|last three|when |with their|by you: |never: /;

test('every table of the store has a stated end, or a reason to be kept for ever', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightdesk-tables-'));
  const db = openDatabase(join(folder, 'nightdesk.db'));
  const tables = db.$client
    .prepare<[], string>(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
    )
    .pluck()
    .all();
  db.$client.close();
  rmSync(folder, { recursive: true });
  const stated = statedRetention('table');
  expect([...stated.keys()].sort()).toEqual(tables);
  for (const goes of stated.values()) expect(goes).toMatch(saysWhen);
});

test('everything in the data directory has a stated end, or a reason to be kept for ever', async () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'nightdesk-data-')));
  mkdirSync(join(root, 'project'));
  const configPath = join(root, 'nightdesk.yaml');
  writeFileSync(configPath, 'dataDirectory: data\nweb: { port: 0 }\nprojects: { api: { path: project } }\n');
  const dataDirectory = join(root, 'data');
  const config = loadConfig(configPath, { PATH: '/usr/bin', HOME: root });
  const app = await startApp(config, { holder: 'a test', secrets: [], log: pino({ level: 'silent' }) });
  writeBotAddress(dataDirectory, app.url);
  const paths = createPaths(dataDirectory).run(1);
  mkdirSync(paths.folder, { recursive: true });
  mkdirSync(paths.worktree, { recursive: true });
  const whileRunning = readdirSync(dataDirectory);
  await app.stop();
  const now = new Date('2026-11-22T02:15:00Z');
  const db = openDatabase(join(dataDirectory, 'nightdesk.db'));
  copyBeforeUpdate(db.$client, now);
  db.$client.close();
  const { folder } = await backUp({ dataDirectory, configPath, to: undefined, version: '0', now });
  restore({ backup: folder, dataDirectory, holder: 'a test', now });
  const found = [
    ...whileRunning,
    ...readdirSync(dataDirectory),
    ...readdirSync(join(dataDirectory, 'backups')).map((name) => `backups/${name}`),
    relative(dataDirectory, paths.folder),
    relative(dataDirectory, paths.worktree),
  ].filter((name) => !['runs', 'worktrees', 'backups'].includes(name));
  const stated = statedRetention('where');
  const shapes = [...stated].map(([name, goes]) => {
    const shape = name
      .replace(/\/$/, '')
      .replaceAll('r142', 'r1')
      .split('…')
      .map((part) => RegExp.escape(part))
      .join('[^/]+');
    return { shape: new RegExp(`^${shape}$`), goes };
  });
  rmSync(root, { recursive: true });
  expect(found).toContain('before-restore-20261122T021500Z');
  for (const name of found) {
    const goes = shapes.find(({ shape }) => shape.test(name))?.goes;
    expect(goes ?? 'nothing', `${name} in docs/operations.md`).toMatch(saysWhen);
  }
});

describe('what is over', () => {
  let runner: FakeRunner;
  let fixture: DeskFixture;
  beforeEach(async () => {
    runner = createFakeRunner();
    fixture = await startDesk({ runner, projects: [testProject()], settings: { retention } });
    await fixture.desk.pruned();
  });
  afterEach(() => fixture.stop());

  async function days(count: number): Promise<void> {
    fixture.clock.advance(count * dayMs);
    await fixture.settle();
    await fixture.desk.pruned();
  }

  const messageOf = (key: string): number => Number(fixture.store.outbox.view(key)?.messageRef);
  const threadOf = (root: number): number[] =>
    fixture.db
      .select()
      .from(webMessages)
      .where(eq(webMessages.thread, root))
      .all()
      .map(({ id }) => id);
  const isThere = (id: number): boolean =>
    fixture.db.select().from(webMessages).where(eq(webMessages.id, id)).get() !== undefined;

  async function ended(): Promise<void> {
    await fixture.say('run mend');
    runner.report({ checksAfter: [fakeCheck('npm test', 0)] });
    await fixture.settle();
  }

  test("the thread of a run goes from the page's chat with its reactions and files, the message of its job stays", async () => {
    await fixture.say('schedule mend it --name mend --accept "$ npm test"');
    await ended();
    const root = messageOf('run:1');
    expect(threadOf(root)).not.toEqual([]);
    const [answer = 0] = threadOf(root);
    const at = fixture.clock.now();
    fixture.db.insert(webReactions).values({ message: answer, emoji: '👀', person: 'web:ada', createdAt: at }).run();
    const file = { name: 'a.log', path: '/a.log', sizeBytes: 1, createdAt: at };
    fixture.db
      .insert(webAttachments)
      .values([
        { ...file, message: answer },
        { ...file, reader: 'web:ada' },
      ])
      .run();
    await days(179);
    expect([isThere(root), isThere(answer)]).toEqual([true, true]);
    await days(2);
    expect([isThere(root), isThere(answer)]).toEqual([false, false]);
    expect(fixture.db.select().from(webReactions).all()).toEqual([]);
    expect(fixture.db.select().from(webAttachments).all()).toEqual([]);
    expect(isThere(messageOf('job:1'))).toBe(true);
    expect(fixture.store.runs.get(1)).toMatchObject({ status: 'succeeded' });
    expect(fixture.faults).toEqual([]);
  });

  test('an old run can be retried when its thread is gone, and is told once more', async () => {
    await fixture.say('schedule mend it --name mend --accept "$ npm test"');
    await ended();
    await days(181);
    expect(await fixture.say('retry r1')).not.toContain('reference');
    await fixture.settle();
    runner.report({ checksAfter: [fakeCheck('npm test', 0)] });
    await fixture.settle();
    expect(fixture.store.runs.get(2)).toMatchObject({ status: 'succeeded' });
    expect(isThere(messageOf('run:2'))).toBe(true);
    expect(fixture.store.outbox.waitingChannels()).toEqual([]);
    expect(fixture.faults).toEqual([]);
  });

  test('the runs of a job that is deleted are not shown anew where their threads are gone', async () => {
    await fixture.say('schedule mend it --name mend --accept "$ npm test"');
    await ended();
    await days(181);
    await ended();
    await fixture.say('delete mend');
    const told = await fixture.told();
    expect(told).toContain('mend is deleted');
    expect(told.match(/mend r\d+ succeeded/g)).toEqual(['mend r2 succeeded']);
    expect(controlsIn(fixture.runMessage(2).message)).toEqual([]);
  });

  test('nothing goes of a run that works, of one that a live run retries, or of what is not told', async () => {
    await fixture.say('schedule mend it --name mend --accept "$ npm test"');
    await ended();
    await fixture.say('retry r1');
    await fixture.settle();
    await days(400);
    expect([isThere(messageOf('run:1')), isThere(messageOf('run:2'))]).toEqual([true, true]);
    const { post } = fixture.chat;
    fixture.chat.post = async () => {
      throw new Error('it is on fire');
    };
    runner.report({ checksAfter: [fakeCheck('npm test', 0)] });
    await fixture.settle();
    await days(400);
    expect(isThere(messageOf('run:2'))).toBe(true);
    fixture.chat.post = post;
    await days(1);
    await days(400);
    expect(isThere(messageOf('run:2'))).toBe(false);
  });

  test('messages about occurrences that did not run go, those of jobs and runs stay', async () => {
    const at = fixture.clock.now();
    const shown = (key: string) =>
      fixture.store.change((change) => change.outbox.show({ key, channel: 'web:general', body: [] }, at));
    for (const key of ['skipped:1:5', 'missed:1:5', 'job:9', 'run:9']) shown(key);
    await fixture.settle();
    await days(179);
    expect(fixture.db.select().from(views).all()).toHaveLength(4);
    await days(2);
    expect(
      fixture.db
        .select()
        .from(views)
        .all()
        .map(({ key }) => key)
        .sort(),
    ).toEqual(['job:9', 'run:9']);
  });

  test('what a restore put aside goes by the time in its name, drafts that were given up after a day', async () => {
    const { directory } = fixture;
    const old = ['before-restore-20261120T000000Z', 'restoring-20261120T000000Z', 'backups/20261120T000000Z.partial'];
    const kept = ['before-restore-mine', 'backups/20261120T000000Z', 'backups/before-update-20261120T000000Z.db'];
    for (const name of [...old, ...kept]) {
      mkdirSync(join(directory, name), { recursive: true });
      utimesSync(join(directory, name), new Date(0), new Date(0));
    }
    const there = (names: string[]): string[] => names.filter((name) => existsSync(join(directory, name)));
    await days(7);
    expect(there(old)).toEqual(['before-restore-20261120T000000Z']);
    await days(79);
    expect(there(old)).toEqual(['before-restore-20261120T000000Z']);
    await days(8);
    expect(there([...old, ...kept])).toEqual(kept);
    expect(fixture.faults).toEqual([]);
    mkdirSync(join(directory, 'before-restore-20270215T000000Z'));
    await days(1);
    expect(there(['before-restore-20270215T000000Z'])).toHaveLength(1);
    fixture.host.freeBytes = 10;
    await days(1);
    expect(there(['before-restore-20270215T000000Z'])).toEqual([]);
  });
});
