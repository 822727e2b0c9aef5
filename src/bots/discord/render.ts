import type { APIEmbed, APIEmbedField } from 'discord.js';

import type { Block, Message } from '../../model/message.ts';
import { splitText } from '../split-text.ts';
import { codeBlock } from './escape.ts';
import { renderInlines, uncut, type RenderOptions } from './markdown.ts';
import { renderClaude } from './render-claude.ts';
import { splitTitle } from './split-title.ts';
import { findStateColor } from './state-color.ts';

/** Discord's limits, in UTF-16 units. */
const limits = { content: 2_000, title: 256, description: 4_096, field: 1_024, fields: 25, embed: 6_000 };
/** What fields may take of a card, so that its text has its whole room. */
const maxFieldsLength = limits.embed - limits.description - limits.title - 200;

/**
 * A message as text, in parts of up to 2,000 characters. No code block is cut; what Claude wrote stands in a quote, where
 * none of its markup can reach what is around it.
 */
export function renderText(message: Message, options: RenderOptions): string[] {
  const pieces = message.flatMap((block) => renderPieces(block, options, limits.content));
  return joinUpTo(pieces, limits.content);
}

/**
 * A message as cards: an embed with its state's colour, the name as its title, what has a label in fields. More than one
 * where it is longer than an embed may be.
 */
export function renderCards(message: Message, options: RenderOptions): APIEmbed[] {
  const color = findStateColor(message);
  const title = splitTitle(message[0], options);
  const fields: APIEmbedField[] = [];
  let left = maxFieldsLength;
  const pieces = (title === undefined ? message : [title.rest, ...message.slice(1)]).flatMap((block, index, blocks) => {
    const field = index === 0 || blocks[index + 1]?.kind === 'output' ? undefined : toField(block, options);
    const length = field === undefined ? 0 : field.name.length + field.value.length;
    if (field === undefined || length > left || fields.length === limits.fields) {
      return renderPieces(block, options, limits.description);
    }
    left -= length;
    fields.push(field);
    return [];
  });
  const [first = '', ...more] = joinUpTo(pieces, limits.description);
  const { text, url } = title ?? {};
  const description = first === '' && text === undefined && fields.length === 0 ? '…' : first;
  const head = { ...(text === undefined ? {} : { title: text }), ...(url === undefined ? {} : { url }) };
  return [
    { ...head, ...(description === '' ? {} : { description }), color, ...(fields.length === 0 ? {} : { fields }) },
    ...more.map((each) => ({ description: each, color })),
  ];
}

/** The one card of a message that is edited: what does not fit is left out, and that is said. */
export function renderCard(message: Message, options: RenderOptions): APIEmbed {
  const [card = {}, ...more] = renderCards(message, options);
  if (more.length === 0) return card;
  const [shown = ''] = splitText(card.description ?? '', limits.description - 2, uncut);
  return { ...card, description: `${shown}\n…` };
}

/** A line like `checks: …`, or Claude's words, with the label as the field's name. */
function toField(block: Block, options: RenderOptions): APIEmbedField | undefined {
  if (block.kind === 'claude') return fieldOf('Claude says', renderClaude(block.markdown));
  if (block.kind !== 'line') return undefined;
  const [start, ...rest] = block.content;
  const [, label, value] = (typeof start === 'string' && /^(\p{Ll}[\p{L} ,]{1,40}): (.*)$/su.exec(start)) || [];
  if (label === undefined || value === undefined) return undefined;
  return fieldOf(label.charAt(0).toUpperCase() + label.slice(1), renderInlines([value, ...rest], options).trim());
}

const fieldOf = (name: string, value: string): APIEmbedField | undefined =>
  value === '' || value.length > limits.field ? undefined : { name, value };

/** A block in pieces of up to `limit` characters. */
function renderPieces(block: Block, options: RenderOptions, limit: number): string[] {
  switch (block.kind) {
    case 'actions':
      return [];
    case 'line':
      return splitText(renderInlines(block.content, options), limit, uncut);
    case 'output':
      return splitText(codeBlock(block.text), limit);
    case 'claude':
      return quotePieces(renderClaude(block.markdown), limit);
  }
}

const label = 'Claude says:\n';

function quotePieces(text: string, limit: number): string[] {
  if (text === '') return [];
  // Each line takes two characters more.
  for (let room = limit - label.length - 2; ; room = Math.floor(room / 2)) {
    const quoted = splitText(text, Math.max(room, 64), uncut).map((part) => part.replaceAll(/^/gm, '> '));
    if (room <= 64 || quoted.every((part) => part.length + label.length <= limit)) {
      return quoted.map((part, index) => (index === 0 ? label + part : part));
    }
  }
}

/** Joins pieces line by line into texts of up to `limit` characters. */
function joinUpTo(pieces: readonly string[], limit: number): string[] {
  const texts: string[] = [];
  for (const piece of pieces.filter((each) => each.trim() !== '')) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + 1 + piece.length <= limit) texts[texts.length - 1] = `${last}\n${piece}`;
    else texts.push(piece);
  }
  return texts;
}
