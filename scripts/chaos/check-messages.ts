import { statSync } from 'node:fs';

import type { SlackServer } from '../../test/support/slack-server/start-slack-server.ts';
import { doubled, lost, type ChaosFault } from './fault.ts';
import type { StoreContent, ToldRow } from './store.ts';

type SlackMessage = SlackServer['world']['messages'][number];

/** All that the store has to tell is on Slack: each message and each file once, in its thread. */
export function checkMessages(store: StoreContent, slack: SlackServer): ChaosFault[] {
  const posted = slack.world.messages.filter(({ isBot, isDeleted }) => isBot && !isDeleted);
  const told = [...store.views, ...store.messages].filter(({ channel }) => channel.startsWith('slack:'));
  return told.flatMap((row) => {
    const found = posted.filter((message) => keyOf(message) === row.key);
    if (!row.isDelivered) return [lost(`${row.key} was not delivered`)];
    if (found.length === 0) return [lost(`${row.key} is not on Slack`)];
    if (found.length > 1) return [doubled(`${row.key} is on Slack ${found.length} times`)];
    const parent = row.threadOf === null ? undefined : posted.find((message) => keyOf(message) === row.threadOf);
    const [message] = found;
    if (message?.thread_ts !== parent?.ts) return [lost(`${row.key} is not in the thread of ${row.threadOf}`)];
    return checkFiles(row, message?.thread_ts ?? message?.ts, slack);
  });
}

function checkFiles({ key, attachments }: ToldRow, threadTs: string | undefined, slack: SlackServer): ChaosFault[] {
  const wanted = (JSON.parse(attachments) as { name: string; path: string }[]).filter(
    // Slack takes no empty file.
    ({ path }) => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0,
  );
  const shown = [...slack.world.files.values()].flatMap(({ name, shares }) =>
    shares.filter(({ thread_ts }) => thread_ts === threadTs).map(() => name),
  );
  return wanted.flatMap(({ name }) => {
    const count = shown.filter((one) => one === name).length;
    if (count === 0) return [lost(`${name} of ${key} is not on Slack`)];
    return count > 1 ? [doubled(`${name} of ${key} is on Slack ${count} times`)] : [];
  });
}

function keyOf({ metadata }: SlackMessage): unknown {
  const payload = metadata?.['event_payload'] as { key?: unknown } | undefined;
  return payload?.key;
}
