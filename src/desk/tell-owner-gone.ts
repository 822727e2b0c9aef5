import type { Chat } from '../bots/chat.ts';
import type { OutboxMessage } from '../db/outbox.ts';
import type { Change } from '../db/store.ts';
import type { DeskSettings } from './desk-settings.ts';
import { subjectOf } from './outbox-subject.ts';
import { renderOwnerGone } from './texts/delivery-text.ts';

/** The person to be mentioned, where the platform says that they have left: nobody can tell them anything. */
export async function findGone(chat: Chat, mention: string | null): Promise<string | undefined> {
  if (mention === null || chat.identify === undefined) return undefined;
  try {
    const member = await chat.identify(mention);
    return member?.isGone === true ? mention : undefined;
  } catch {
    // Whether the owner is still there is no reason to hold up a result.
    return undefined;
  }
}

export interface OwnerGone {
  /** The message that was to mention them. */
  message: OutboxMessage;
  person: string;
  settings: Pick<DeskSettings, 'commandName'>;
  now: Date;
}

/** Tells the channel once for the job that its owner has left, and who can take it over. */
export function tellOwnerGone(change: Change, { message, person, settings, now }: OwnerGone): void {
  const subject = subjectOf(message.key);
  const jobId = subject?.kind === 'run' ? change.runs.get(subject.id)?.jobId : subject?.id;
  const job = jobId === undefined ? undefined : change.jobs.get(jobId);
  if (job === undefined || job.owner !== person || change.jobs.isDeleted(job.id)) return;
  const body = renderOwnerGone(job, settings.commandName);
  change.outbox.post({ key: `owner-gone:${job.id}:${person}`, channel: message.channel, body }, now);
}
