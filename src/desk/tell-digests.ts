import type { Digest } from '../db/digests.ts';
import type { Change, Store } from '../db/store.ts';
import { runLabel } from '../model/run.ts';
import { nextOccurrence } from '../model/schedule/next-occurrence.ts';
import type { Schedule } from '../model/schedule/schedule.ts';
import type { DeskSettings } from './desk-settings.ts';
import { renderDigest } from './texts/digest.ts';

/** A digest that the host slept through is still worth reading this long; after that the next one covers its time. */
const lateMs = 4 * 60 * 60_000;
const dayMs = 24 * 60 * 60_000;
/** SQLite takes a limited number of values in one query. */
const maxLookedUp = 10_000;

/** Sees that every channel that is to get a digest has its next one planned, and no other. */
export function planDigests(change: Change, { digest }: DeskSettings, now: Date): void {
  change.digests.keepOnly([...digest.channels]);
  const planned = new Map(change.digests.all().map((row) => [row.channel, row]));
  for (const channel of digest.channels) {
    const row = planned.get(channel);
    // One that fell due while nightdesk was down is looked at by `tellDigests`.
    if (row !== undefined && row.dueAt <= now) continue;
    planNext(change, { channel, toldUntil: row?.toldUntil ?? null }, dailyAt(digest), now);
  }
}

export interface TellDigestsDependencies {
  store: Store;
  settings: DeskSettings;
  /** Where people reach the page; undefined until it is known. */
  pageUrl: () => string | undefined;
  now: () => Date;
}

/** Writes the digests that are due: one message for each channel and day, from stored rows. */
export function createTellDigests({ store, settings, pageUrl, now }: TellDigestsDependencies): () => void {
  return () => {
    const at = now();
    const url = pageUrl();
    if (url === undefined || !store.digests.instants().some((dueAt) => dueAt <= at)) return;
    store.change((change) => {
      for (const row of change.digests.all()) {
        if (row.dueAt <= at) tellDigest(change, row, { settings, url, now: at });
      }
    });
  };
}

interface Telling {
  settings: DeskSettings;
  url: string;
  now: Date;
}

function tellDigest(change: Change, row: Digest, { settings, url, now }: Telling): void {
  const schedule = dailyAt(settings.digest);
  const dueAt = latestDue(schedule, row.dueAt, now);
  if (dueAt === undefined || now.getTime() - dueAt.getTime() > lateMs) {
    planNext(change, row, schedule, now);
    return;
  }
  const { channel, toldUntil } = row;
  // What a wrong clock told of is ahead of now.
  const from = toldUntil !== null && toldUntil < now ? toldUntil : new Date(dueAt.getTime() - dayMs);
  const ended = change.runs.endedIn(channel, from, now);
  const body = renderDigest({
    from,
    to: now,
    zone: settings.digest.zone,
    ended,
    live: change.runs.liveIn(channel),
    notRun: change.occurrences.notRunIn(channel, from, now),
    holds: change.holds.active(),
    isSubscription: change.attempts.hasSubscription(ended.slice(0, maxLookedUp).map((run) => run.id)),
    commandName: settings.commandName,
    runUrl: (run) => `${url}/runs/${runLabel(run.id)}`,
  });
  const key = `digest:${channel}:${dueAt.getTime()}`;
  // A wrong clock may have told of that instant.
  const again = change.outbox.isKnown(key) ? `:${change.outbox.lastSequence()}` : '';
  change.outbox.post({ key: `${key}${again}`, channel, body }, now);
  planNext(change, { channel, toldUntil: now }, schedule, now);
}

/**
 * The next one is after all that was told, also where the clock has been set back since; but one that was told a day and more ahead of
 * now was told by a wrong clock, and is waited for no longer.
 */
function planNext(
  change: Change,
  { channel, toldUntil }: Pick<Digest, 'channel' | 'toldUntil'>,
  schedule: Schedule,
  now: Date,
): void {
  const aheadMs = toldUntil === null ? 0 : toldUntil.getTime() - now.getTime();
  const next = nextOccurrence(schedule, toldUntil !== null && aheadMs > 0 && aheadMs < dayMs ? toldUntil : now);
  if (next === undefined) throw new Error('a daily schedule always has a next time');
  change.digests.plan(channel, next, toldUntil ?? undefined);
  change.alarm(next);
}

const dailyAt = ({ time, zone }: DeskSettings['digest']): Schedule => ({
  kind: 'cron',
  expression: `${time.minute} ${time.hour} * * *`,
  zone,
});

function latestDue(schedule: Schedule, first: Date, now: Date): Date | undefined {
  let latest: Date | undefined;
  let at = nextOccurrence(schedule, new Date(first.getTime() - 1));
  while (at !== undefined && at <= now) {
    latest = at;
    at = nextOccurrence(schedule, at);
  }
  return latest;
}
