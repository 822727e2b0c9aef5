import { slackifyMarkdown } from 'slackify-markdown';

import { findOpenFence } from '../open-fence.ts';
import { splitText } from '../split-text.ts';
import { escaped, linkTarget, unbroken, visible } from './mrkdwn.ts';

// The converter's time grows with the square of some texts' length and of their depth.
const maxConverted = 4_000;
const tooDeep = /^(?:[ \t]*(?:>|[-*+]|\d+[.)])){10}/m;

/**
 * Claude's Markdown as Slack's mrkdwn, in parts of at most `limit` characters. Nothing in it mentions anybody or hides where
 * it leads: `<`, `>` and `&` are taken out before the conversion, which passes some of them through, and a link shows its
 * target. More than one line is quoted, so that it can't be taken for lines of nightdesk.
 */
export function renderClaude(markdown: string, limit: number): string[] {
  const words = splitText(visible(markdown).trim(), maxConverted).map(convert).join('\n').trim();
  if (words === '') return [];
  const isShort = !words.includes('\n') && words.length < limit / 2;
  return splitText(isShort ? `Claude says: ${words}` : `Claude says:\n${quote(words)}`, limit, unbroken);
}

// One character of the private use area stands for each that means something to Slack.
const stand = { '<': '\ue000', '>': '\ue001', '&': '\ue002' } as const;
const quoteMarks = /^[ \t]*(?:>[ \t]?)*/;

function convert(markdown: string): string {
  if (tooDeep.test(markdown)) return escaped(markdown);
  try {
    return reveal(slackifyMarkdown(prepare(markdown)));
  } catch {
    // An address that can't be decoded, or a text of no depth that a parser was made for: shown as it was typed.
    return escaped(markdown);
  }
}

function prepare(markdown: string): string {
  const bare = markdown
    .replaceAll(/[\ue000-\ue004]/g, '')
    // The converter would show the backslash.
    .replaceAll(/\\([<>&])/g, '$1')
    .replaceAll(/<((?:https?:\/\/|mailto:)[^\s<>|]+)>(\S?)/g, (_, url: string, next: string) =>
      /^\w/.test(next) ? `${url} ${next}` : url + next,
    );
  const lines = fenceTables(bare).split('\n');
  return lines
    .map((line, index) => {
      // Slack ends a block at the first three backticks, whatever began it.
      const fence = line.includes('```') ? findOpenFence(lines.slice(0, index).join('\n')) : undefined;
      if (fence !== undefined && line.trim() !== fence.marker) return line.replaceAll('```', 'ˋˋˋ');
      return line;
    })
    .map((line) => {
      const marks = quoteMarks.exec(line)?.[0] ?? '';
      const rest = line.slice(marks.length).trimEnd();
      return marks + rest.replaceAll(/[<>&]/g, (character) => stand[character as keyof typeof stand]);
    })
    .join('\n');
}

/** Slack has no tables in its text; between fences their columns are at least in line. */
function fenceTables(markdown: string): string {
  return markdown.replaceAll(/^\|.*\|[ \t]*\n\|[ \t:|-]+\|[ \t]*(?:\n\|.*)*/gm, (table, at: number) =>
    findOpenFence(markdown.slice(0, at)) === undefined ? `\`\`\`\n${table}\n\`\`\`` : table,
  );
}

const token = /<([^<>|]*)(?:\|([^<>]*))?>/g;

/** Shows where links lead. The only angle brackets are the converter's own: an image in a link is first. */
function reveal(mrkdwn: string): string {
  let shown = mrkdwn.replaceAll(/%EE%80%8([012])/g, (_, digit: string) => String.fromCodePoint(0xe000 + Number(digit)));
  for (let before = ''; before !== shown;) {
    before = shown;
    shown = shown.replaceAll(token, (_, url: string, text: string | undefined) => renderLink(url, text ?? ''));
  }
  return shown
    .replaceAll(/^\*\*\*$/gm, '———')
    .replaceAll(stand['<'], '&lt;')
    .replaceAll(stand['>'], '&gt;')
    .replaceAll(stand['&'], '&amp;')
    .replaceAll(opening, '<')
    .replaceAll(closing, '>');
}

// Of a link that is done.
const opening = '\ue003';
const closing = '\ue004';

function renderLink(url: string, text: string): string {
  const target = original(url);
  const link = `${opening}${linkTarget(target)}${closing}`;
  const words = original(text).replaceAll('\u200b', '').trim();
  if (target === `mailto:${words}`) return text;
  const isTarget = words === '' || [words, `http://${words}`, `https://${words}`].includes(target);
  return isTarget ? link : `${text} (${link})`;
}

const original = (text: string): string =>
  text.replaceAll(stand['<'], '<').replaceAll(stand['>'], '>').replaceAll(stand['&'], '&');

function quote(mrkdwn: string): string {
  let isCode = false;
  return mrkdwn
    .split('\n')
    .map((line) => {
      const isFence = line.startsWith('```');
      if (isFence) isCode = !isCode;
      return isCode || isFence || line.startsWith('>') ? line : `> ${line}`.trimEnd();
    })
    .join('\n');
}
