import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';

import type { webApi } from '@slack/bolt';

import { ChatBusy } from '../chat-refusal.ts';
import type { Attachment } from '../chat.ts';
import { slackErrorName, toChatError } from './api-error.ts';
import { areFilesThere, type SentSearch } from './find-sent.ts';
import type { Pace } from './pace.ts';

/** A file on disk, or a text that was too long for its message. */
export type Attached = Attachment | { name: string; text: string };

/** Files that Slack has the bytes of. */
export interface Uploaded {
  ids: string[];
  /** The names of those that Slack does not take. */
  refused?: string[] | undefined;
  /** They were about to be put into the thread: whether they are is to be looked at first. */
  isShared?: boolean | undefined;
  /** How often that was looked at. */
  looks?: number | undefined;
}

export interface AttachOptions {
  client: webApi.WebClient;
  pace: Pace;
  onFault(error: unknown, where: string): void;
}

/** With more Slack answers `internal_error`: https://github.com/slackapi/python-slack-sdk/issues/1653 */
const maxFiles = 14;
/** Slack puts files into a thread some time after it has answered. */
const lookPauseMs = 2_000;
const maxLooks = 5;

/** The workspace takes no such file, or has no room for one: no further try brings it through. */
const refusals: readonly string[] = [
  'file_type_not_allowed',
  'file_upload_size_restricted',
  'file_uploads_disabled',
  'file_uploads_except_images_disabled',
  'malware_detected',
  'slack_connect_blocked_file_type',
  'slack_connect_file_upload_sharing_blocked',
  'storage_limit_reached',
];
const isRefusal = (error: unknown): boolean => refusals.includes(slackErrorName(error) ?? '');

/** Slack does not say how far it came. */
const isUnclear = (error: unknown): boolean => ['internal_error', 'fatal_error'].includes(slackErrorName(error) ?? '');

/**
 * Puts the files into the thread as one message, once: `before` is what the last try kept of itself, and `keep` keeps what
 * the next one has to know. Empty files are left out, since Slack takes none. Resolves to the names of those that Slack does
 * not take; of too many these are the first.
 */
export async function attach(
  options: AttachOptions,
  search: SentSearch & { threadTs: string },
  files: readonly Attached[],
  before: Uploaded | undefined,
  keep: (uploaded: Uploaded) => void,
): Promise<string[]> {
  const { client, pace } = options;
  const left = before === undefined ? undefined : await lookAgain(options, search, before, keep);
  if (left === 'shared') return before?.refused ?? [];
  const { ids, refused = [] } =
    left === undefined ? await uploadAll(options, search.channel, files) : { ...before, ids: left };
  const [first, ...others] = ids.map((id) => ({ id }));
  if (first !== undefined || refused.length > 0) keep({ ids, refused, isShared: first !== undefined });
  if (first === undefined) return refused;
  try {
    await pace.run(search.channel, () =>
      client.files
        .completeUploadExternal({ files: [first, ...others], channel_id: search.channel, thread_ts: search.threadTs })
        .catch((error: unknown) => {
          throw toChatError(error, search.channel);
        }),
    );
  } catch (error) {
    if (isRefusal(error)) {
      options.onFault(error, `the files for ${search.channel}:${search.threadTs}`);
      const all = files.map(({ name }) => name);
      keep({ ids: [], refused: all });
      return all;
    }
    // Slack says that it did nothing. Files that it does not know any more are uploaded again.
    if (error instanceof ChatBusy) keep({ ids, refused });
    else if (slackErrorName(error) !== undefined && !isUnclear(error)) keep({ ids: [] });
    throw error;
  }
  return refused;
}

/** What an earlier try has left: its files in the thread, files to be put there, or nothing. */
async function lookAgain(
  { client }: AttachOptions,
  search: SentSearch,
  { ids, refused, isShared = false, looks = 0 }: Uploaded,
  keep: (uploaded: Uploaded) => void,
): Promise<'shared' | string[] | undefined> {
  if (ids.length === 0) return undefined;
  if (!isShared) return ids;
  if (await areFilesThere(client, search, ids)) return 'shared';
  const [first = ''] = ids;
  const isWaiting = await client.files.info({ file: first }).then(
    // Complete, but not in the thread yet.
    () => true,
    (error: unknown) => {
      const name = slackErrorName(error);
      if (name === 'file_not_found' || name === 'file_deleted') return false;
      if (name === 'missing_scope') return true;
      throw toChatError(error, search.channel);
    },
  );
  if (!isWaiting) return ids;
  if (looks >= maxLooks) return undefined;
  keep({ ids, refused, isShared: true, looks: looks + 1 });
  throw new ChatBusy(`Slack has not put ${first} into its thread yet`, lookPauseMs);
}

async function uploadAll(options: AttachOptions, channel: string, files: readonly Attached[]): Promise<Uploaded> {
  const ids: string[] = [];
  const refused = files.slice(0, -maxFiles).map(({ name }) => name);
  for (const file of files.slice(-maxFiles)) {
    const source = await openSource(file).catch((error: unknown) => {
      options.onFault(error, `the file ${file.name}`);
      return undefined;
    });
    if (source === undefined || source.length === 0) continue;
    const { client } = options;
    const place = await client.files
      .getUploadURLExternal({ filename: file.name, length: source.length })
      .catch((error: unknown) => {
        if (!isRefusal(error)) throw toChatError(error, channel);
        options.onFault(error, `the file ${file.name}`);
        refused.push(file.name);
        return undefined;
      });
    if (place === undefined) continue;
    if (place.upload_url === undefined || place.file_id === undefined) throw new Error('Slack gave no upload URL');
    await send(place.upload_url, source);
    ids.push(place.file_id);
  }
  return { ids, refused };
}

interface Source {
  length: number;
  open(): ReadableStream | string;
}

async function openSource(file: Attached): Promise<Source> {
  if ('text' in file) return { length: Buffer.byteLength(file.text), open: () => file.text };
  const { size } = await stat(file.path);
  // No more than was announced, should something still be written to it.
  const open = () => Readable.toWeb(createReadStream(file.path, { end: size - 1 })) as ReadableStream;
  return { length: size, open };
}

async function send(url: string, { length, open }: Source): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream', 'Content-Length': String(length) },
    body: open(),
    duplex: 'half',
    redirect: 'error',
    // A minute, and 100 kB a second.
    signal: AbortSignal.timeout(60_000 + Math.ceil(length / 100)),
  });
  const answer = await response.text();
  if (response.status === 429) {
    throw new ChatBusy('Slack limits uploads', (Number(response.headers.get('retry-after')) || 5) * 1_000);
  }
  if (!response.ok) throw new Error(`Slack did not take the file: ${response.status} ${answer.slice(0, 200)}`);
}
