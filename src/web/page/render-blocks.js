import { el } from './dom.js';
import { withStateIcons } from './icons.js';
import { renderDateTime, renderLong, renderTime } from './times.js';

/**
 * A neutral message as elements. Whatever anybody wrote is text, never markup. Buttons are shown in their place where
 * `renderButton` is given; else whoever shows the message has them elsewhere.
 */
export function renderBlocks(message, renderButton) {
  return message.flatMap((block) => {
    if (block.kind === 'actions') {
      return renderButton === undefined
        ? []
        : [el('div', { class: 'acts-inline' }, ...block.actions.map(renderButton))];
    }
    if (block.kind === 'line')
      return el('p', { class: 'line' }, ...block.content.flatMap((each) => renderInline(each)));
    if (block.kind === 'output') {
      return el(
        'pre',
        { class: 'output', tabindex: '0', role: 'region', 'aria-label': 'Output' },
        block.text.trimEnd(),
      );
    }
    const words = el('blockquote', {}, block.markdown.trim());
    return el('figure', { class: 'claude' }, el('figcaption', {}, 'Claude says'), words);
  });
}

function renderInline(inline) {
  if (typeof inline === 'string') return withStateIcons(inline);
  if (inline.kind === 'bold') return [el('strong', {}, inline.text)];
  if (inline.kind === 'code') return [el('code', {}, inline.text)];
  if (inline.kind === 'person') {
    return [el('span', { class: 'person' }, `@${renderPerson(inline.id)}`)];
  }
  if (inline.kind === 'time') return [renderInstant(inline)];
  return [renderLink(inline)];
}

function renderInstant({ atMs, style }) {
  const at = new Date(atMs);
  const text = style === 'time' ? renderTime(at) : renderDateTime(at);
  return el('time', { datetime: at.toISOString(), title: renderLong(at) }, text);
}

function renderLink({ url, text }) {
  const target = URL.parse(url, location.href);
  if (!/^https?:$/.test(target?.protocol ?? '')) return text;
  const isHere = target.origin === location.origin;
  return el('a', { href: target.href, ...(isHere ? {} : { target: '_blank', rel: 'noopener noreferrer' }) }, text);
}

/** Plain text of ours as elements: what stands in backticks is code. */
export const withCode = (text) =>
  text.split(/(`[^`]+`)/).map((part) => (/^`[^`]+`$/.test(part) ? el('code', {}, part.slice(1, -1)) : part));

/** `web:ada` → `ada`. */
export const renderPerson = (id) => id.slice(id.indexOf(':') + 1);

const sizes = [
  [1_000_000, 'MB'],
  [1000, 'kB'],
  [1, 'bytes'],
];

/** `18 kB`. */
export function renderSize(bytes) {
  const [unit, name] = sizes.find(([each]) => bytes >= each) ?? sizes[2];
  const amount = bytes / unit;
  return `${amount < 10 && unit > 1 ? amount.toFixed(1) : Math.round(amount)} ${name}`;
}
