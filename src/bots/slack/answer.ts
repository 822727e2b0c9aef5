import { randomUUID } from 'node:crypto';

import { code, line, link, type Inline, type Message } from '../../model/message.ts';
import type { Chat, Reply } from '../chat.ts';
import { within } from '../within.ts';
import { fixIt, note, type SlackBlock } from './render-blocks.ts';
import { renderPages, type SlackPayload } from './render.ts';
import { readNote } from './sent-note.ts';

export interface AnswerOptions {
  post: Chat['post'];
  pageUrl: () => string | undefined;
  now: () => Date;
  onFault(error: unknown, where: string): void;
}

/** A `response_url` takes five answers. The last is left for what goes wrong. */
const maxParts = 4;
/** How long an answer waits for its files; they go on coming after that. */
const filesWaitMs = 2_500;

/** A reply as messages for the eyes of `user` alone, who gets its files by direct message: such a message carries none. */
export type Answers = (reply: Reply, user: string) => Promise<SlackPayload[]>;

export function createAnswers(options: AnswerOptions): Answers {
  return async (reply, user) => {
    const files = reply.files ?? [];
    const said = files.length === 0 ? [] : [await sendFiles(options, files, user)];
    return renderAnswer([...reply.message, ...said], reply.draft?.id, options.pageUrl());
  };
}

/** The parts of an answer, the last with the button that mends what could not be read. */
export function renderAnswer(message: Message, draft: number | undefined, pageUrl: string | undefined): SlackPayload[] {
  const pages = renderPages(message, { pageUrl });
  const parts = pages.slice(0, maxParts);
  const ending: SlackBlock[] = [];
  if (pages.length > maxParts)
    ending.push(note(pageUrl === undefined ? notAll : `${notAll} All of it is on <${pageUrl}|the page>.`));
  if (draft !== undefined) ending.push(fixIt(draft));
  if (parts.length === 0 && ending.length === 0) return [];
  const last = parts.at(-1) ?? { text: '', blocks: [] };
  return [...parts.slice(0, -1), { ...last, blocks: [...last.blocks, ...ending] }];
}

const notAll = 'This is not all of it.';

/** Sends the files and gives the line that says where they are. */
async function sendFiles(
  { post, pageUrl, now, onFault }: AnswerOptions,
  files: NonNullable<Reply['files']>,
  user: string,
): Promise<Message[number]> {
  const all = files.map(({ name }) => name);
  let refused: readonly string[] = [];
  const sending = post({
    key: `answer:${randomUUID()}`,
    channel: `slack:@${user}`,
    message: [line('What you asked for: ', ...namesOf(all))],
    attachments: files,
    writtenAt: now(),
    isDoubtful: false,
    note: (text) => void (refused = readNote(text).files?.refused ?? []),
  }).then(
    () => refused,
    (error: unknown) => {
      onFault(error, `the files of an answer to ${user}`);
      return all;
    },
  );
  const failed = await within(sending, filesWaitMs);
  const direct = 'your direct messages with the app.';
  if (failed === undefined) return line('📎 ', ...namesOf(all), ` ${areOrIs(all)} on the way to ${direct}`);
  const sent = all.filter((name) => !failed.includes(name));
  const there = sent.length === 0 ? [] : [...namesOf(sent), ` ${areOrIs(sent)} in ${direct}`];
  if (failed.length === 0) return line('📎 ', ...there);
  const url = pageUrl();
  const elsewhere = url === undefined ? ['.'] : ['; see the page: ', link(url, url)];
  const space = sent.length === 0 ? '' : ' ';
  return line('📎 ', ...there, space, ...namesOf(failed), ' could not be sent to you', ...elsewhere);
}

const namesOf = (names: readonly string[]): Inline[] =>
  names.flatMap((name, index): Inline[] => [...(index === 0 ? [] : [', ']), code(name)]);
const areOrIs = (names: readonly string[]): string => (names.length === 1 ? 'is' : 'are');
