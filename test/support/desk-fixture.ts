import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { Chat } from '../../src/bots/chat.ts';
import { renderText } from '../../src/bots/render-text.ts';
import { createWebChat } from '../../src/bots/web/web-chat.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { createStore } from '../../src/db/store.ts';
import { createWebMessageStore } from '../../src/db/web-messages.ts';
import { createDesk } from '../../src/desk/create-desk.ts';
import type { DeskSettings } from '../../src/desk/desk-settings.ts';
import type { Project } from '../../src/model/project.ts';
import { createRunFiles, type RunFiles } from '../../src/runner/run-files.ts';
import type { Runner } from '../../src/runner/runner.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';
import { testProject, testSettings } from './test-settings.ts';

export { testProject };

/** All instants at which a job is planned to fall due, in order. */
export function plannedInstants({ store }: Pick<DeskFixture, 'store'>): Date[] {
  return store.jobs
    .list()
    .flatMap((job) => store.occurrences.planned(job.id) ?? [])
    .sort((one, other) => one.getTime() - other.getTime());
}

export interface DeskFixtureOptions {
  runner: Runner;
  /** The real ones, in the data directory, unless given. */
  runFiles?: RunFiles;
  /** A Monday morning unless given. */
  start?: Date;
  projects?: Project[];
  settings?: Partial<DeskSettings>;
  /** A data directory to go on with; else a fresh one, removed at the end. */
  directory?: string;
  /** Puts something of the test's around the clock. */
  wrapClock?: (clock: ManualClock) => ManualClock;
  /** Platforms beside the web chat. */
  chats?: Chat[];
  /** How long `lookReady` waits for the bell: the test's time stands still. */
  ringWithinMs?: number;
}

export type DeskFixture = Awaited<ReturnType<typeof startDesk>>;

// Of all desks: one that goes on with the store of another must not take its commands for the other's.
let events = 0;

/** The real desk, store and web chat, with the test's own runner and time. */
export async function startDesk(options: DeskFixtureOptions) {
  const directory = options.directory ?? mkdtempSync(path.join(tmpdir(), 'nightdesk-desk-'));
  const db = openDatabase(path.join(directory, 'nightdesk.db'));
  // No test cuts the power: what a commit waits for is most of the time of a test that makes many.
  db.$client.pragma('synchronous = OFF');
  const store = createStore(db);
  const manual = createManualClock(options.start ?? new Date('2026-11-23T08:00:00Z'));
  const clock = options.wrapClock?.(manual) ?? manual;
  const settings: DeskSettings = {
    ...testSettings(options.projects),
    ...options.settings,
  };
  const chat = createWebChat({
    messages: createWebMessageStore(db),
    channels: () => [...settings.channels.keys()],
    now: clock.now,
  });
  const faults: unknown[] = [];
  const host = {
    freeBytes: 1e12,
    totalBytes: 1e12,
    writeFault: undefined as Error | undefined,
    writeMs: 1,
    gone: new Set<string>(),
    /** Folders that don't answer. */
    silent: new Set<string>(),
    missingClaude: undefined as string | undefined,
  };
  const desk = createDesk({
    store,
    runner: options.runner,
    runFiles: options.runFiles ?? createRunFiles({ dataDirectory: directory, env: () => ({}) }),
    clock,
    chats: new Map([chat, ...(options.chats ?? [])].map((each): [string, Chat] => [each.platform, each])),
    settings,
    pageUrl: () => 'http://127.0.0.1:7433',
    host: {
      disk: () => ({ freeBytes: host.freeBytes, totalBytes: host.totalBytes }),
      tryWriting: async () => ({ fault: host.writeFault, tookMs: host.writeMs }),
      isFolder: (path) =>
        host.silent.has(path) ? Promise.withResolvers<boolean>().promise : Promise.resolve(!host.gone.has(path)),
      missingClaude: () => host.missingClaude,
    },
    now: clock.now,
    ...(options.ringWithinMs === undefined ? {} : { ringWithinMs: options.ringWithinMs }),
    onFault: (error) => `fault-${faults.push(error)}`,
  });
  await chat.start(desk.handlers);
  await desk.start();
  const allMessages = { limit: 200 };

  /** Lets edits that wait for their turn go out, and everything be delivered. */
  async function settle(): Promise<void> {
    await desk.delivered();
    clock.advance(1_000);
    await desk.delivered();
  }
  return {
    settings,
    store,
    db,
    desk,
    chat,
    clock,
    faults,
    /** The state of the machine: what the desk sees when it looks. */
    host,
    directory,
    settle,
    /** Types a command and returns the answer's text. */
    async say(text: string, person = 'web:ada', channel = 'web:general'): Promise<string> {
      const reply = await desk.handlers.onText(text, {
        person,
        channel,
        eventId: `test:${directory}:${(events += 1)}`,
      });
      return renderText(reply.message, 'UTC');
    },
    /** The texts of the channel's messages, threads indented below theirs. */
    async told(channel = 'web:general'): Promise<string> {
      await settle();
      return chat
        .channelMessages(channel, allMessages)
        .flatMap((message) => [
          renderText(message.message, 'UTC'),
          ...chat
            .threadMessages(message.id, allMessages)
            .map((reply) => renderText(reply.message, 'UTC').replaceAll(/^/gm, '    ')),
        ])
        .join('\n');
    },
    /** The status message of a run, as the web chat keeps it. */
    runMessage(runId: number) {
      const ref = store.outbox.view(`run:${runId}`)?.messageRef;
      const message = ref == null ? undefined : chat.find(Number(ref));
      if (message === undefined) throw new Error(`r${runId} has no status message`);
      return message;
    },
    async react(runId: number, emoji: string, person = 'web:ada', change: 'added' | 'removed' = 'added') {
      await desk.delivered();
      await chat.react({ change, message: this.runMessage(runId).id, emoji, person });
    },
    async stop({ keep = false } = {}) {
      await desk.stop();
      await chat.stop();
      db.$client.close();
      if (!keep) rmSync(directory, { recursive: true, force: true });
    },
  };
}
