import type { Change } from '../db/store.ts';
import { isFinal } from '../model/run.ts';
import { subjectOf } from './outbox-subject.ts';
import type { SendDependencies } from './send.ts';
import { renderJobUnreachable, renderRunUnreachable } from './texts/delivery-text.ts';
import type { Message } from '../model/message.ts';

interface Notice {
  key: string;
  owner: string;
  body: Message;
}

/**
 * Tells the owners of what waits for a channel that can't be reached, once for each ended run and each job, by direct message.
 * Returns whether there was anything new to tell. What a direct message can't bring waits for itself and tells nobody.
 */
export function tellUnreachable({ store, chats, now }: SendDependencies, channel: string, why: string): boolean {
  if (isDirect(channel)) return false;
  return store.change((change) => {
    let isAnyNew = false;
    for (const notice of findNotices(change, channel, why)) {
      const direct = directChannel(notice.owner);
      if (!chats.has(platformOf(direct)) || change.outbox.isKnown(notice.key)) continue;
      change.outbox.post({ key: notice.key, channel: direct, body: notice.body }, now());
      isAnyNew = true;
    }
    return isAnyNew;
  });
}

const platformOf = (reference: string): string => reference.slice(0, reference.indexOf(':'));
/** `slack:U012` → `slack:@U012`. */
const directChannel = (person: string): string => person.replace(':', ':@');
const isDirect = (channel: string): boolean => channel.includes(':@');

function findNotices(change: Change, channel: string, why: string): Notice[] {
  return change.outbox.waitingIn(channel).flatMap(({ key, isEdit }): Notice[] => {
    const subject = subjectOf(key);
    const told = `unreachable:${subject?.kind}:${subject?.id}:${channel}`;
    if (subject?.kind === 'run') {
      const run = change.runs.get(subject.id);
      // What is to be known of a run is how it ended.
      if (run === undefined || !isFinal(run.status)) return [];
      const headline = change.outbox.view(`run:${run.id}`)?.body[0];
      return [{ key: told, owner: run.spec.owner, body: renderRunUnreachable(run, { headline, why, channel }) }];
    }
    const job = subject === undefined ? undefined : change.jobs.get(subject.id);
    // That its message has old buttons is nothing to be called for.
    if (job === undefined || isEdit || change.jobs.isDeleted(job.id)) return [];
    return [{ key: told, owner: job.owner, body: renderJobUnreachable(job, { why, channel }) }];
  });
}
