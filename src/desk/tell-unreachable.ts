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
  const fresh = findNotices(store, channel, why).filter(
    ({ key, to }) => chats.has(platformOf(to)) && !store.outbox.isKnown(key),
  );
  if (fresh.length === 0) return false;
  store.change((change) => {
    for (const { key, to, body } of fresh) change.outbox.post({ key, channel: to, body }, now());
  });
  return true;
}

/** `slack:U012` → `slack:@U012`. */
const directChannel = (person: string): string => person.replace(':', ':@');
const isDirect = (channel: string): boolean => channel.includes(':@');

function findNotices(store: Pick<Store, 'outbox' | 'runs' | 'jobs'>, channel: string, why: string): Notice[] {
  return store.outbox.waitingIn(channel).flatMap(({ key, isEdit }): Notice[] => {
    // That a message has old words and buttons is nothing to be called for: what is news is a message of its own.
    if (isEdit) return [];
    const subject = subjectOf(key);
    const told = `unreachable:${subject?.kind}:${subject?.id}:${channel}`;
    if (subject?.kind === 'run') {
      const run = store.runs.get(subject.id);
      // What is to be known of a run is how it ended.
      if (run === undefined || !isFinal(run.status)) return [];
      const headline = store.outbox.view(`run:${run.id}`)?.body[0];
      return [
        { key: told, to: directChannel(run.spec.owner), body: renderRunUnreachable(run, { headline, why, channel }) },
      ];
    }
    const job = subject === undefined ? undefined : store.jobs.get(subject.id);
    if (job === undefined || store.jobs.isDeleted(job.id)) return [];
    return [{ key: told, to: directChannel(job.owner), body: renderJobUnreachable(job, { why, channel }) }];
  });
}
