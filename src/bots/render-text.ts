import { stripVTControlCharacters } from 'node:util';

import type { Block, Inline, Message } from '../model/message.ts';
import { describeInstant } from '../model/schedule/format-instant.ts';

/** Renders a message as plain text for terminals, scripts and logs, with instants in the IANA `zone`. */
export function renderText(message: Message, zone: string): string {
  return message.flatMap((block) => renderBlock(block, zone)).join('\n');
}

function renderBlock(block: Block, zone: string): string | string[] {
  if (block.kind === 'line') return block.content.map((inline) => renderInline(inline, zone)).join('');
  if (block.kind === 'output') return indent(inert(block.text.replace(/\n+$/, '')));
  // Text has no buttons: what they do, commands do.
  return block.kind === 'actions' ? [] : renderClaude(inert(block.markdown.trim()));
}

function renderClaude(words: string): string {
  return words.includes('\n') ? `Claude says:\n${indent(words)}` : `Claude says: ${words}`;
}

function renderInline(inline: Inline, zone: string): string {
  if (typeof inline === 'string') return inert(inline);
  if (inline.kind === 'bold') return inert(inline.text);
  if (inline.kind === 'code') return `\`${inert(inline.text)}\``;
  if (inline.kind === 'person') return `@${inert(personName(inline.id))}`;
  if (inline.kind === 'time') return renderTime(inline.atMs, inline.style, zone);
  const [text, url] = [inert(inline.text), inert(inline.url)];
  // A place of the page has no address where there is no page.
  return text === url || url.startsWith('/') ? text : `${text} (${url})`;
}

/** An instant in the IANA `zone`, to the minute: `Mon 23 Nov 2026, 02:00 Berlin`. */
export function renderTime(atMs: number, style: 'date-time' | 'time', zone: string): string {
  const { day, time } = describeInstant(new Date(Math.floor(atMs / minuteMs) * minuteMs), zone);
  return style === 'time' ? time : `${day}, ${time}`;
}

const minuteMs = 60_000;

/** `web:ada` → `ada`. */
const personName = (id: string): string => id.slice(id.indexOf(':') + 1);

const indent = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ');

// A check's output or Claude's words could otherwise drive the terminal that shows them, or turn the direction of text.
const inert = (text: string): string =>
  stripVTControlCharacters(text.replaceAll('\r\n', '\n')).replaceAll(
    /[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/gu,
    '',
  );
