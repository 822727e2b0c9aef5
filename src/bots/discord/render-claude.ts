import { toSafeHref } from './safe-href.ts';
import { codeBlock, escapeText, inlineCode, withoutHidden } from './escape.ts';

// What is repeated has bounds, since what Claude writes can be made to try every way.
const fence = String.raw`^ {0,3}(?<fence>\x60{3,}|~{3,})(?<info>[^\n\x60]*)(?:\n(?<block>[\s\S]*?))??(?:\n {0,3}\k<fence>[\x60~]*[ \t]*(?=\n|$(?![\s\S]))|$(?![\s\S]))`;
const table = String.raw`^(?<table>(?:[ \t]*\|.*\|[ \t]*(?:\n|$(?![\s\S]))){2,})`;
const heading = String.raw`^ {0,3}#{1,6}[ \t]+(?<heading>\S.*?)[ \t]*#*[ \t]*$`;
const code = String.raw`(?<ticks>\x60+)(?<code>[\s\S]{0,1000}?[^\x60])\k<ticks>(?!\x60)`;
const linked = String.raw`!?\[(?<text>(?:\\.|[^\\[\]]){0,300})\]\(\s*<?(?<target>[^\s)>]{0,500})>?(?:\s+["'(][^\n]{0,300}?["')])?\s*\)`;
const address = String.raw`<?(?<address>https?:\/\/[^\s<>]+)>?`;
const subtext = String.raw`^(?<start>[ \t]*)(?<mark>-#|>>>|#{1,6}(?=\s|$))`;
// Even an escaped one is found by who looks for mentions in the text as it is.
const opening = String.raw`\\?(?<opening><(?=[@#])|@(?=everyone|here))`;
const escaped = String.raw`\\(?<escaped>[^\w\s])`;
const active = String.raw`(?<active>\|\||[\\<\[\x60]|:(?=(?:100|1234|[\w+~-]{0,40}[a-z_+~-][\w+~-]{0,40}):|\/\/)|discord(?:app)?\.(?=gg|com))`;

const tokens = new RegExp(
  [fence, table, heading, code, linked, address, subtext, opening, escaped, active]
    .map((each) => `(?:${each})`)
    .join('|'),
  'gim',
);

/** More than anybody is shown in a message; the whole is in a file then. */
const maxLength = 20_000;

/**
 * Claude's Markdown as Discord's, made inert: emphasis, lists, quotes and code stay; headings are bold, since nothing of it
 * may look like more than its words; mentions, emoji names, spoilers and previews mean nothing; a link shows where it leads.
 */
export function renderClaude(markdown: string): string {
  const text = withoutHidden(markdown.slice(0, maxLength)).trim();
  const parts: string[] = [];
  let at = 0;
  for (const match of text.matchAll(tokens)) {
    parts.push(text.slice(at, match.index), renderToken(match[0], match.groups ?? {}));
    at = match.index + match[0].length;
  }
  return [...parts, text.slice(at)].join('').trim();
}

function renderToken(whole: string, groups: Partial<Record<string, string>>): string {
  if (groups.fence !== undefined) return renderBlock(groups.info ?? '', groups.block ?? '');
  if (groups.table !== undefined) return `${codeBlock(groups.table)}\n`;
  if (groups.heading !== undefined) return renderHeading(groups.heading);
  // Left out, what is empty would let what follows it begin the line.
  if (groups.code !== undefined) return inlineCode(groups.code.trim()) || escapeText(whole);
  if (groups.target !== undefined) return renderLink(groups.text ?? '', groups.target) || escapeText(whole);
  if (groups.address !== undefined) return renderAddress(groups.address);
  if (groups.mark !== undefined) return `${groups.start ?? ''}\\${groups.mark}`;
  if (groups.opening !== undefined) return `${groups.opening === '<' ? '\\<' : '@'}\u200b`;
  return (groups.escaped ?? groups.active ?? whole).replaceAll(/\W/g, String.raw`\$&`);
}

function renderHeading(text: string): string {
  const plain = text.replaceAll(/\*\*|__|`/g, '').trim();
  return plain === '' ? '' : `**${escapeText(plain)}**`;
}

function renderBlock(info: string, text: string): string {
  const block = codeBlock(text);
  const language = /^[\w+#-]{1,20}(?=\s|$)/.exec(info.trim())?.[0] ?? '';
  return block === '' ? '' : block.replace('```', `\`\`\`${language}`);
}

function renderLink(text: string, target: string): string {
  const shown = text.replaceAll(/\\([^\w\s])/g, '$1');
  const where = /^https?:\/\//i.test(target) ? renderAddress(target) : escapeText(target);
  if (shown.trim() === '' || shown === target) return where;
  return where === '' ? escapeText(shown) : `${escapeText(shown)} (${where})`;
}

/** An address without a preview, as it is; what ends a sentence is not of it. Invites, and what hides its host, are text. */
function renderAddress(text: string): string {
  const [end] = /[.,:;!?"')\]*_~|`]*$/.exec(text) ?? [''];
  const parsed = URL.parse(text.slice(0, text.length - end.length));
  const href = parsed === null || isInvite(parsed) ? undefined : toSafeHref(parsed);
  if (href === undefined) return escapeText(text);
  return `<${href}>${/^[*_~]+$/.test(end) ? end : escapeText(end)}`;
}

const isInvite = ({ href }: URL): boolean => /discord(?:app)?\.(?:gg|com\/invite)/i.test(href);
