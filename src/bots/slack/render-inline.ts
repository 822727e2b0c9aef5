import type { Inline } from '../../model/message.ts';
import { renderTime } from '../render-text.ts';
import { codeSpan, escaped, linkTarget } from './mrkdwn.ts';

export interface RenderOptions {
  /** Where people reach the page, without a slash at its end; undefined where they can't. */
  pageUrl: string | undefined;
}

/** A part of a line as mrkdwn. */
export function renderInline(inline: Inline, options: RenderOptions): string {
  if (typeof inline === 'string') return escaped(inline);
  switch (inline.kind) {
    case 'bold': {
      const text = escaped(inline.text).replaceAll('*', '∗').trim();
      return text === '' ? '' : `*${text}*`;
    }
    case 'code':
      return codeSpan(inline.text);
    case 'person':
      return renderPerson(inline.id);
    case 'time':
      return renderInstant(inline.atMs, inline.style);
    case 'link':
      return renderLink(inline.url, inline.text, options);
  }
}

/** Only people of Slack are mentioned; a user group would call everybody in it. */
function renderPerson(reference: string): string {
  const id = /^slack:([UW][A-Z0-9]+)$/.exec(reference)?.[1];
  return id === undefined ? `@${escaped(reference.slice(reference.indexOf(':') + 1))}` : `<@${id}>`;
}

/** In the reader's own zone. See https://docs.slack.dev/messaging/formatting-message-text#date-formatting */
function renderInstant(atMs: number, style: 'date-time' | 'time'): string {
  const format = style === 'time' ? '{time}' : '{date_short_pretty} at {time}';
  return `<!date^${Math.floor(atMs / 1_000)}^${format}|${escaped(renderTime(atMs, style, 'UTC'))}>`;
}

function renderLink(url: string, text: string, { pageUrl }: RenderOptions): string {
  const words = escaped(text).replaceAll('|', 'ǀ').replaceAll(/\s+/g, ' ').trim();
  const target = url.startsWith('/') ? pageUrl && pageUrl + url : url;
  if (target === undefined || !/^(?:https?:\/\/|mailto:)/i.test(target)) return words;
  return words === '' ? `<${linkTarget(target)}>` : `<${linkTarget(target)}|${words}>`;
}
