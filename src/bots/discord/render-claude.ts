import { codeBlock, defuseMentions, escapeText, inlineCode, withoutHidden } from './escape.ts';

const fence = String.raw`^ {0,3}(?<fence>\x60{3,}|~{3,})(?<info>[^\n\x60]*)(?:\n(?<block>[\s\S]*?))??(?:\n {0,3}\k<fence>[\x60~]*[ \t]*(?=\n|$(?![\s\S]))|$(?![\s\S]))`;
const table = String.raw`^(?<table>(?:[ \t]*\|.*\|[ \t]*(?:\n|$(?![\s\S]))){2,})`;
const heading = String.raw`^ {0,3}#{1,6}[ \t]+(?<heading>\S.*?)[ \t]*#*[ \t]*$`;
const code = String.raw`(?<ticks>\x60+)(?<code>[\s\S]*?[^\x60])\k<ticks>(?!\x60)`;
const linked = String.raw`!?\[(?<text>(?:\\.|[^\\\]])*)\]\(\s*<?(?<target>[^\s)>]*)>?(?:\s+["'(][^\n]*?["')])?\s*\)`;
const address = String.raw`<?(?<address>https?:\/\/[^\s<>]+)>?`;
const subtext = String.raw`^(?<start>[ \t]*)(?<mark>-#|>>>)`;
const escaped = String.raw`\\(?<escaped>[^\w\s])`;
const active = String.raw`(?<active>\|\||[\\<\[\x60]|:(?=[\w+~-]{1,40}:|\/\/)|discord(?:app)?\.(?=gg|com))`;

const tokens = new RegExp(
  [fence, table, heading, code, linked, address, subtext, escaped, active].map((each) => `(?:${each})`).join('|'),
  'gim',
);

/**
 * Claude's Markdown as Discord's, made inert: emphasis, lists, quotes and code stay; headings are bold, since nothing of it
 * may look like more than its words; mentions, emoji names, spoilers and previews mean nothing; a link shows where it leads.
 */
export function renderClaude(markdown: string): string {
  const text = withoutHidden(markdown).trim();
  const parts: string[] = [];
  let at = 0;
  for (const match of text.matchAll(tokens)) {
    parts.push(defuseMentions(text.slice(at, match.index)), renderToken(match[0], match.groups ?? {}));
    at = match.index + match[0].length;
  }
  return [...parts, defuseMentions(text.slice(at))].join('').trim();
}

function renderToken(whole: string, groups: Partial<Record<string, string>>): string {
  if (groups.fence !== undefined) return renderBlock(groups.info ?? '', groups.block ?? '');
  if (groups.table !== undefined) return `${codeBlock(groups.table)}\n`;
  if (groups.heading !== undefined) return `**${escapeText(groups.heading.replaceAll(/\*\*|__|`/g, ''))}**`;
  if (groups.code !== undefined) return inlineCode(groups.code.trim());
  if (groups.target !== undefined) return renderLink(groups.text ?? '', groups.target);
  if (groups.address !== undefined) return renderAddress(groups.address);
  if (groups.mark !== undefined) return `${groups.start ?? ''}\\${groups.mark}`;
  return escapeText(groups.escaped ?? groups.active ?? whole);
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

/** An address without a preview, as it is; what ends a sentence is not of it. */
function renderAddress(text: string): string {
  const [end] = /[.,:;!?"')\]*_~|`]*$/.exec(text) ?? [''];
  const parsed = URL.parse(text.slice(0, text.length - end.length));
  if (parsed === null) return escapeText(text);
  const href = parsed.href.replaceAll('*', '%2A').replaceAll(/[|`\\]/g, encodeURIComponent);
  return `<${href}>${/^[*_~]+$/.test(end) ? end : escapeText(end)}`;
}
