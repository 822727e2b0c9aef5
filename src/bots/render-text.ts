import { stripVTControlCharacters } from 'node:util';

import type { Block, Inline, Message } from '../model/message.ts';

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

/** An instant in the IANA `zone`: `Mon, 23 Nov 2026, 02:00 UTC`. */
export function renderTime(atMs: number, style: 'date-time' | 'time', zone: string): string {
  const time = { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' } as const;
  const date = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const;
  const parts = style === 'time' ? time : { ...date, ...time };
  const key = `${style} ${zone}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat('en-GB', { ...parts, timeZone: zone });
  if (formats.size < maxFormats) formats.set(key, format);
  return format.format(atMs);
}

// To make one takes a hundred times as long as to use it, and a list has hundreds of instants. A zone can be spelled in many ways.
const maxFormats = 1_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** `web:ada` → `ada`. */
const personName = (id: string): string => id.slice(id.indexOf(':') + 1);

const indent = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ');

// A check's output or Claude's words could otherwise drive the terminal that shows them, or turn the direction of text.
const inert = (text: string): string =>
  stripVTControlCharacters(text.replaceAll('\r\n', '\n')).replaceAll(
    /[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/gu,
    '',
  );
