import type { webApi } from '@slack/bolt';

/** What marks a message of ours, so that it is found again; `print` says what it showed when it was sent. */
export const messageMetadata = (key: string, print: string) => ({
  event_type: eventType,
  event_payload: { key, print },
});
const eventType = 'nightdesk_message';

/** Slack's clock and the host's may differ. */
const marginMs = 10 * 60_000;
const pageSize = 200;
const maxPages = 20;

export interface SentSearch {
  /** Slack's id of the channel. */
  channel: string;
  /** In the thread of this message; else in the channel. */
  threadTs?: string | undefined;
  /** When what is looked for was written. */
  since: Date;
}

interface FoundMessage {
  ts?: string | undefined;
  metadata?: { event_type?: string | undefined; event_payload?: object | undefined } | undefined;
  files?: { id?: string | undefined }[] | undefined;
}

/** The time of the message with this key, where an earlier try has come through, and what that one showed. */
export async function findSent(
  client: webApi.WebClient,
  search: SentSearch,
  key: string,
): Promise<{ ts?: string | undefined; print?: unknown }> {
  const payloadOf = ({ metadata }: FoundMessage): { key?: unknown; print?: unknown } =>
    metadata?.event_type === eventType ? (metadata.event_payload ?? {}) : {};
  const found = await findMessage(client, search, (message) => payloadOf(message).key === key);
  return found === undefined ? {} : { ts: found.ts, print: payloadOf(found).print };
}

/** Whether a message there has one of these files. */
export async function areFilesThere(
  client: webApi.WebClient,
  search: SentSearch,
  ids: readonly string[],
): Promise<boolean> {
  const found = await findMessage(client, search, ({ files = [] }) => files.some(({ id }) => ids.includes(id ?? '')));
  return found !== undefined;
}

async function findMessage(
  client: webApi.WebClient,
  { channel, threadTs, since }: SentSearch,
  isIt: (message: FoundMessage) => boolean,
): Promise<FoundMessage | undefined> {
  const oldest = String(Math.max(0, since.getTime() - marginMs) / 1_000);
  let cursor: string | undefined;
  // A thread of one page is read from its beginning, whatever the host's clock said.
  let isBounded = threadTs === undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const asked = {
      channel,
      ...(isBounded ? { oldest } : {}),
      inclusive: true,
      include_all_metadata: true,
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
    };
    const answer =
      threadTs === undefined
        ? await client.conversations.history(asked)
        : await client.conversations.replies({ ...asked, ts: threadTs });
    const messages: FoundMessage[] = answer.messages ?? [];
    const found = messages.find(isIt);
    if (found !== undefined) return found;
    const next = answer.response_metadata?.next_cursor;
    if (next === undefined || next === '') return undefined;
    cursor = isBounded ? next : undefined;
    isBounded = true;
  }
  return undefined;
}
