import type { Store } from '../db/store.ts';
import { platformOf } from '../model/platform-of.ts';
import { isFinal } from '../model/run.ts';
import { subjectOf } from './outbox-subject.ts';
import type { SendDependencies } from './send.ts';
import { renderJobUnreachable, renderRunUnreachable } from './texts/delivery-text.ts';
import type { Message } from '../model/message.ts';

interface Notice {
  key: string;
  /** The owner's direct messages. */
  to: string;
  body: Message;
}

/**
 * Tells the owners of what waits for a channel that can't be reached, once for each ended run and each job, by direct message.
 * Returns whether there was anything new to tell. What a direct message can't bring waits for itself and tells nobody.
 */
export function tellUnreachable({ store, chats, now }: SendDependencies, channel: string, why: string): boolean {
  if (isDirect(channel)) return false;
  // Looked at often, and mostly told already: reading waits for no lock.
  const fresh = findNotices(store, channel, why).filter(({ to }) => chats.has(platformOf(to)));
  if (fresh.length === 0) return false;
  store.change((change) => {
    for (const { key, to, body } of fresh) change.outbox.post({ key, channel: to, body }, now());
  });
  return true;
}

/** `slack:U012` → `slack:@U012`. */
const directChannel = (person: string): string => person.replace(':', ':@');
const isDirect = (channel: string): boolean => channel.includes(':@');

type Tables = Pick<Store, 'outbox' | 'runs' | 'jobs'>;

const findNotices = (tables: Tables, channel: string, why: string): Notice[] => [
  ...findRuns(tables, channel, why),
  ...findJobs(tables, channel, why),
];

/** Of a run there is to be known how it ended. */
function findRuns({ outbox, runs }: Tables, channel: string, why: string): Notice[] {
  const [before, after] = ['unreachable:run:', `:${channel}`];
  return outbox.untoldRuns(channel, { before, after }).flatMap((id): Notice[] => {
    const run = runs.get(id);
    if (run === undefined || !isFinal(run.status)) return [];
    const headline = outbox.view(`run:${id}`)?.body[0];
    const body = renderRunUnreachable(run, { headline, why, channel });
    return [{ key: `${before}${id}${after}`, to: directChannel(run.spec.owner), body }];
  });
}

/** That a message has old words and buttons is nothing to be called for: what is news is a message of its own. */
function findJobs({ outbox, jobs }: Tables, channel: string, why: string): Notice[] {
  const subjects = outbox.waitingBesideRuns(channel).map(subjectOf);
  const ids = new Set(subjects.flatMap((subject) => (subject?.kind === 'job' ? [subject.id] : [])));
  return [...ids].flatMap((id): Notice[] => {
    const key = `unreachable:job:${id}:${channel}`;
    const job = outbox.isKnown(key) ? undefined : jobs.get(id);
    if (job === undefined || jobs.isDeleted(id)) return [];
    return [{ key, to: directChannel(job.owner), body: renderJobUnreachable(job, { why, channel }) }];
  });
}
