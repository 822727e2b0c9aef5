import type { Block, Inline } from '../../model/message.ts';
import { findTarget, renderInlines, type RenderOptions } from './markdown.ts';

export interface Title {
  text: string;
  /** Where it leads. */
  url: string | undefined;
  /** What is behind it on the line. */
  rest: Block;
}

const maxLength = 256;

/**
 * The name that a message begins with, as a card's title: `⏳ **upgrade-deps** r142`, with the link that is in it. Undefined
 * where the first line does not begin with a name of its own.
 */
export function splitTitle(block: Block | undefined, options: RenderOptions): Title | undefined {
  if (block?.kind !== 'line') return undefined;
  const end = block.content.findIndex((inline) => !isOfName(inline));
  const name = end === -1 ? block.content : block.content.slice(0, end);
  const behind = block.content.slice(name.length);
  const links = name.filter((inline) => typeof inline !== 'string' && inline.kind === 'link');
  const isNamed = name.some((inline) => typeof inline !== 'string');
  if (!isNamed || links.length > 1 || !isApart(name.at(-1), behind[0])) return undefined;
  // A title has no markup and no link in it but its own.
  const text = renderInlines(name.map(toText), options).trim();
  if (text === '' || text.length > maxLength) return undefined;
  const [link] = links;
  const url = typeof link === 'object' && link.kind === 'link' ? findTarget(link.url, options) : undefined;
  const isTitles = url !== undefined && titleHost.test(new URL(url).hostname);
  const [next, ...others] = behind;
  const rest = typeof next === 'string' ? [next.replace(/^[\s·]+/, ''), ...others] : behind;
  return {
    text,
    url: isTitles ? url : undefined,
    rest: { kind: 'line', content: link === undefined || isTitles || url === undefined ? rest : [link, ' ', ...rest] },
  };
}

// Discord refuses a card whose address has another host (`localhost`, `desk:7433`); in the text it takes any.
const titleHost = /^(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+[a-z]{2,}$/i;

const isOfName = (inline: Inline): boolean =>
  typeof inline === 'string'
    ? /^[\s\p{Extended_Pictographic}\ufe0f]*$/u.test(inline)
    : inline.kind === 'bold' || inline.kind === 'link';

/** Whether there is a space between the two: `Night to Monday: 14 runs` is one sentence. */
const isApart = (before: Inline | undefined, after: Inline | undefined): boolean =>
  after === undefined ||
  (typeof after === 'string' && /^\s/.test(after)) ||
  (typeof before === 'string' && before.endsWith(' '));

const toText = (inline: Inline): Inline =>
  typeof inline !== 'string' && (inline.kind === 'bold' || inline.kind === 'link') ? inline.text : inline;
