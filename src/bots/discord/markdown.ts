import type { Inline } from '../../model/message.ts';
import { escapeText, inlineCode } from './escape.ts';
import { toSafeHref } from './safe-href.ts';

/** What rendering needs to know beyond the message. */
export interface RenderOptions {
  /** Where people reach nightdesk's page; undefined where there is none. */
  pageUrl: () => string | undefined;
}

/** What must not be cut where a text is split: escapes, bold, code, links, times, persons. */
export const uncut = /\\.|\*\*(?:\\.|[^\\*])+\*\*|``.+?``|`[^`\n]+`|\[(?:\\.|[^\\\]])*\]\(<[^>\s]*>\)|<[^>\s]+>/s;

/** A line as Discord's Markdown. */
export const renderInlines = (content: readonly Inline[], options: RenderOptions): string =>
  content.map((inline) => renderInline(inline, options)).join('');

function renderInline(inline: Inline, options: RenderOptions): string {
  if (typeof inline === 'string') return escapeText(inline);
  switch (inline.kind) {
    case 'bold': {
      const text = escapeText(inline.text);
      return text.trim() === '' ? text : `**${text}**`;
    }
    case 'code':
      return inlineCode(inline.text);
    case 'time':
      // `f` is the day and the time, `t` the time alone, both in the reader's own zone and words.
      return `<t:${Math.floor(inline.atMs / 1000)}:${inline.style === 'time' ? 't' : 'f'}>`;
    case 'person':
      return renderPerson(inline.id);
    case 'link':
      return renderLink(inline.url, inline.text, options);
  }
}

/** A person of Discord by their id, which is shown as a name and tells nobody; anybody else by name. */
function renderPerson(id: string): string {
  const [, user, role] = /^discord:(?:(\d+)|role-(\d+))$/.exec(id) ?? [];
  if (user !== undefined) return `<@${user}>`;
  if (role !== undefined) return `<@&${role}>`;
  return escapeText(`@${id.slice(id.indexOf(':') + 1)}`);
}

function renderLink(url: string, text: string, options: RenderOptions): string {
  const target = findTarget(url, options);
  if (target === undefined) return escapeText(text);
  // Discord shows no link where the text looks like one itself; and text that names another place would lie.
  if (text === url || text === target) return `<${target}>`;
  return text.includes('://') ? `${escapeText(text)} (<${target}>)` : `[${escapeText(text)}](<${target}>)`;
}

/** The whole address of a link, safe between angle brackets; undefined for a place of the page where there is no page. */
export function findTarget(url: string, { pageUrl }: RenderOptions): string | undefined {
  const base = pageUrl();
  const isOfPage = url.startsWith('/');
  if (isOfPage && base === undefined) return undefined;
  const parsed = URL.parse(isOfPage ? `${base?.replace(/\/$/, '')}${url}` : url);
  return parsed === null ? undefined : toSafeHref(parsed);
}
