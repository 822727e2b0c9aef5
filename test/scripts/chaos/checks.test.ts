import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { checkLaunches } from '../../../scripts/chaos/check-launches.ts';
import { checkMessages } from '../../../scripts/chaos/check-messages.ts';
import { checkStore } from '../../../scripts/chaos/check-store.ts';
import { planSeed, type SeedPlan } from '../../../scripts/chaos/plan.ts';
import type { StoreContent } from '../../../scripts/chaos/store.ts';
import { startSlackServer } from '../../support/slack-server/start-slack-server.ts';
import { tempFolder } from '../../support/temp-repository.ts';

const at = (time: string): number => Date.parse(`2026-03-02T${time}Z`);
const now = at('02:05:30');
const { jobs } = planSeed(1);
const [once] = jobs.filter(({ due }) => due !== 'every-minute');
const [minutes] = jobs.filter(({ due }) => due === 'every-minute');
if (once === undefined || minutes === undefined) throw new Error('A plan has jobs of both kinds.');
const plan: SeedPlan = { seed: 1, jobs: [once, minutes], acts: [] };

/** One job that ran once, and one that ran at 02:03, was skipped at 02:04, and is planned. */
function goodStore(): StoreContent {
  const attempt = (runId: number, startedAt: number) => ({
    id: `r${runId}-1`,
    runId,
    number: 1,
    cause: 'done',
    startedAt,
    endedAt: startedAt + 5_000,
    report: '{}',
  });
  const run = { trigger: 'schedule', status: 'succeeded', waitReason: null, cancelledBy: null };
  const of = (job: string, jobId: number) => ({ job, jobId });
  return {
    integrity: ['ok'],
    occurrences: [
      { ...of(once?.name ?? '', 1), dueAt: at('02:03:10'), state: 'ran', runId: 1 },
      { ...of(minutes?.name ?? '', 2), dueAt: at('02:03:00'), state: 'ran', runId: 2 },
      { ...of(minutes?.name ?? '', 2), dueAt: at('02:04:00'), state: 'skipped', runId: null },
      { ...of(minutes?.name ?? '', 2), dueAt: at('02:05:00'), state: 'missed', runId: null },
      { ...of(minutes?.name ?? '', 2), dueAt: at('02:06:00'), state: 'planned', runId: null },
    ],
    runs: [
      { id: 1, ...of(once?.name ?? '', 1), ...run, dueAt: at('02:03:10') },
      { id: 2, ...of(minutes?.name ?? '', 2), ...run, dueAt: at('02:03:00') },
    ],
    attempts: [attempt(1, at('02:03:10')), attempt(2, at('02:03:00'))],
    messages: [],
    views: [],
    acts: [{ act: 'schedule', target: minutes?.name ?? '', at: at('02:02:10') }],
  };
}

const found = (change: (store: StoreContent) => void): string[] => {
  const store = goodStore();
  change(store);
  return checkStore(store, plan, now).map(({ kind, what }) => `${kind}: ${what}`);
};
const first = <T>(all: T[]): T => {
  const [one] = all;
  if (one === undefined) throw new Error('There is none.');
  return one;
};

test('the same seed does the same things, another one others', () => {
  expect(planSeed(7)).toEqual(planSeed(7));
  expect(planSeed(7)).not.toEqual(planSeed(8));
  const plans = Array.from({ length: 30 }, (_, seed) => planSeed(seed));
  const kinds = plans.flatMap(({ acts }) => acts.map(({ act }) => act.kind));
  expect([...new Set(kinds)].toSorted()).toEqual([
    'end-bot',
    'outlast',
    'pause-bot',
    'pause-process',
    'person',
    'process',
    'server',
  ]);
});

test('each seed ends the bot twice, and what it has to outlast has a job of its own', () => {
  for (const { jobs, acts } of Array.from({ length: 30 }, (_, seed) => planSeed(seed))) {
    const ends = acts.filter(({ act }) => act.kind === 'end-bot' || act.kind === 'outlast');
    const outlasting = ends.filter(({ act }) => act.kind === 'outlast');
    expect(ends).toHaveLength(2);
    expect(jobs.filter(({ due }) => due === 'on-demand')).toHaveLength(outlasting.length);
  }
});

test('a store in which everything ended well has no fault', () => expect(found(() => {})).toEqual([]));

test.each<[string, (store: StoreContent) => void, RegExp]>([
  ['a due occurrence that is still planned', (s) => void (first(s.occurrences).state = 'planned'), /^lost: .*planned/],
  ['a minute that nobody settled', (s) => void s.occurrences.splice(2, 1), /^lost: .* before 2026-03-02T02:05/],
  ['a schedule that came to a standstill', (s) => void s.occurrences.splice(3, 2), /^lost: .*nothing after .*02:04/],
  ['a job that never fell due', (s) => void s.occurrences.splice(0, 1), /^lost: .* has no occurrence$/],
  ['two runs of one occurrence', (s) => void s.runs.push({ ...first(s.runs), id: 3 }), /^doubled: .* has 2 runs$/],
  ['a run without its occurrence', (s) => void (first(s.occurrences).runId = 9), /^lost: .*ran, and has no run$/],
  ['a run that goes on for ever', (s) => void (first(s.runs).status = 'running'), /^lost: r1 is still running$/],
  ['an attempt without an outcome', (s) => void (first(s.attempts).cause = null), /^lost: r1-1 has no outcome$/],
  [
    'an attempt that begins while another one works',
    (s) => void s.attempts.splice(1, 0, { ...first(s.attempts), id: 'r1-2', number: 2 }),
    /^doubled: r1-2 began before/,
  ],
  [
    'an attempt after a cancel',
    (s) => void s.acts.push({ act: 'cancel', target: 'r1', at: at('02:03:09') }),
    /^broken: r1-1 was started after r1 was cancelled$/,
  ],
  ['a damaged database', (s) => void (s.integrity = ['row 3 missing from index']), /^broken: the database: row 3/],
])('%s is found', (_what, change, fault) => {
  expect(found(change).filter((line) => fault.test(line))).toHaveLength(1);
});

test('a message that is not there, is there twice, or is outside of its thread is found', async () => {
  const slack = await startSlackServer();
  onTestFinished(() => slack.close());
  const channel = slack.addChannel('night');
  const post = async (key: string, thread_ts?: string): Promise<string> => {
    const response = await fetch(`${slack.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        channel: channel.id,
        text: key,
        thread_ts,
        metadata: { event_type: 'nightdesk_message', event_payload: { key } },
      }),
    });
    const answer: unknown = await response.json();
    return (answer as { ts: string }).ts;
  };
  const told = (key: string, threadOf: string | null = 'run:1') => ({
    key,
    channel: `slack:${channel.id}`,
    threadOf,
    attachments: '[]',
    isDelivered: 1,
  });
  const ts = await post('run:1');
  await post('run:1:result', ts);
  for (let count = 0; count < 2; count += 1) await post('run:1:notify', ts);
  await post('run:1:attempt:1');
  const messages = ['run:1:result', 'run:1:notify', 'run:1:attempt:1', 'run:1:cancel'].map((key) => told(key));
  const store = { ...goodStore(), views: [told('run:1', null)], messages };
  expect(checkMessages(store, slack).map(({ kind, what }) => `${kind}: ${what}`)).toEqual([
    'doubled: run:1:notify is on Slack 2 times',
    'lost: run:1:attempt:1 is not in the thread of run:1',
    'lost: run:1:cancel is not on Slack',
  ]);
});

test('a second start of an attempt, and one beside the leftovers of another, are found', () => {
  const root = tempFolder();
  expect(checkLaunches(root)).toEqual([]);
  const lines = ['s1 /r1/1 10 others:', 's2 /r1/2 11 others: /proc/9/cmdline', 's1 /r1/1 12 others:'];
  writeFileSync(join(root, 'launches'), lines.join('\n'));
  expect(checkLaunches(root).map(({ kind }) => kind)).toEqual(['orphan', 'doubled']);
});
