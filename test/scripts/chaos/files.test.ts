import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { checkMessages } from '../../../scripts/chaos/check-messages.ts';
import type { StoreContent } from '../../../scripts/chaos/store.ts';
import { startSlackServer, type SlackServer } from '../../support/slack-server/start-slack-server.ts';
import { tempFolder } from '../../support/temp-repository.ts';

async function call(slack: SlackServer, method: string, args: Record<string, string>): Promise<Record<string, string>> {
  const response = await fetch(`${slack.apiUrl}${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${slack.botToken}` },
    body: new URLSearchParams(args),
  });
  return (await response.json()) as Record<string, string>;
}

async function share(
  slack: SlackServer,
  name: string,
  place: { channel_id: string; thread_ts?: string },
): Promise<void> {
  const { file_id: id = '', upload_url: url = '' } = await call(slack, 'files.getUploadURLExternal', {
    filename: name,
    length: '4',
  });
  await fetch(url, { method: 'POST', body: 'text' });
  await call(slack, 'files.completeUploadExternal', { files: JSON.stringify([{ id, title: name }]), ...place });
  await slack.until('the file', () => (slack.world.files.get(id)?.shares.length ?? 0) > 0);
}

test('a file that is not there, is there twice, or is outside of its thread is found; an empty one is not missed', async () => {
  const slack = await startSlackServer();
  onTestFinished(() => slack.close());
  const channel = slack.addChannel('night');
  const folder = tempFolder();
  const names = ['good.log', 'twice.log', 'outside.log', 'missing.patch', 'empty.log'];
  for (const name of names) writeFileSync(join(folder, name), name === 'empty.log' ? '' : 'text');
  const { ts = '' } = await call(slack, 'chat.postMessage', {
    channel: channel.id,
    text: 'r1',
    metadata: JSON.stringify({ event_type: 'nightdesk_message', event_payload: { key: 'run:1' } }),
  });
  const thread = { channel_id: channel.id, thread_ts: ts };
  for (const name of ['good.log', 'twice.log', 'twice.log']) await share(slack, name, thread);
  await share(slack, 'outside.log', { channel_id: channel.id });
  const attachments = JSON.stringify(names.map((name) => ({ name, path: join(folder, name) })));
  const told = { key: 'run:1', channel: `slack:${channel.id}`, threadOf: null, attachments, isDelivered: 1 };
  const store: StoreContent = {
    integrity: [],
    occurrences: [],
    runs: [],
    attempts: [],
    acts: [],
    messages: [told],
    views: [],
  };
  expect(checkMessages(store, slack).map(({ kind, what }) => `${kind}: ${what}`)).toEqual([
    'doubled: twice.log of run:1 is on Slack 2 times',
    'lost: outside.log of run:1 is not on Slack',
    'lost: missing.patch of run:1 is not on Slack',
  ]);
});
