import type { Message } from '../../model/message.ts';
import { renderText } from '../render-text.ts';
import { splitText } from '../split-text.ts';
import { unbroken } from './mrkdwn.ts';
import { note, renderBlocks, type SlackBlock } from './render-blocks.ts';
import type { RenderOptions } from './render-inline.ts';

/** What `chat.postMessage`, `chat.update` and a `response_url` take. */
export interface SlackPayload {
  /** Shown in notifications and read aloud; with blocks, not in the message itself. */
  text: string;
  blocks: SlackBlock[];
}

// Slack takes 50, and fails somewhere near 13,000 characters in all. A note and kept buttons go on top.
const maxBlocks = 46;
const maxCharacters = 10_500;
/** Slack recommends 4,000. */
const maxText = 3_900;

/** A message as one payload. What does not fit is in `rest`, the whole message as plain text, and `notice` says where. */
export function renderMessage(
  message: Message,
  options: RenderOptions & { notice: string },
): SlackPayload & { rest?: string } {
  const pages = pack(renderBlocks(message, options));
  const [first, ...others] = pages;
  if (first === undefined || others.length === 0) return toPayload(first ?? []);
  // A message's own buttons are its last.
  const buttons = others.flat().filter((block) => block.type === 'actions');
  return { ...toPayload([...first, note(options.notice), ...buttons.slice(-1)]), rest: renderText(message, 'UTC') };
}

/** A message as few payloads as it takes. */
export const renderPages = (message: Message, options: RenderOptions): SlackPayload[] =>
  pack(renderBlocks(message, options)).map(toPayload);

/** The text alone, for where Slack takes no blocks of it. */
export const renderPlain = (message: Message, options: RenderOptions): string =>
  toPayload(renderBlocks(message, options)).text;

function toPayload(blocks: SlackBlock[]): SlackPayload {
  const [first = '', ...rest] = splitText(blocks.flatMap(textOf).join('\n'), maxText, unbroken);
  // Slack refuses a message without any text.
  if (blocks.length === 0) return { text: '…', blocks };
  return { text: rest.length === 0 ? first : `${first}\n…`, blocks };
}

const textOf = (block: SlackBlock): string[] =>
  block.type === 'section' && block.text !== undefined ? [block.text.text] : [];

function pack(blocks: readonly SlackBlock[]): SlackBlock[][] {
  const pages: SlackBlock[][] = [];
  let page: SlackBlock[] = [];
  let characters = 0;
  for (const [index, block] of blocks.entries()) {
    const next = blocks[index + 1];
    // Buttons stay with what they are about.
    const unit = next?.type === 'actions' ? [block, next] : [block];
    const isFull = page.length + unit.length > maxBlocks || characters + sizeOf(...unit) > maxCharacters;
    const isKept = block.type === 'actions' && page.length > 0 && page.at(-1)?.type !== 'actions';
    if (isFull && !isKept && page.length > 0) {
      pages.push(page);
      page = [];
      characters = 0;
    }
    page.push(block);
    characters += sizeOf(block);
  }
  return page.length === 0 ? pages : [...pages, page];
}

const sizeOf = (...blocks: SlackBlock[]): number =>
  blocks.reduce((sum, block) => sum + JSON.stringify(block).length, 0);
