import { el } from './dom.js';
import { icon } from './icons.js';
import { renderFiles } from './message-view.js';
import { renderBlocks } from './render-blocks.js';

/** An answer that only the asker sees, until they put it away. `onFix(id)` opens the form with a draft. */
export function createPrivateAnswer(answer, onDismiss, { onFix, renderButton }) {
  const close = el(
    'button',
    { type: 'button', class: 'close', 'aria-label': 'Put this answer away', onclick: onDismiss },
    icon('close'),
  );
  const files =
    answer.attachments.length === 0 ? null : el('div', { class: 'files' }, ...renderFiles(answer.attachments));
  const fix =
    answer.draft === undefined
      ? null
      : el('button', { type: 'button', class: 'fix-it', onclick: () => onFix(answer.draft.id) }, 'Fix it');
  return el(
    'li',
    { class: 'private', 'data-ok': String(answer.ok) },
    el(
      'article',
      { 'aria-label': 'Answer that only you see' },
      el('div', { class: 'head' }, icon('eye'), el('span', {}, 'Only you see this'), close),
      el('div', { class: 'asked' }, el('code', {}, answer.command)),
      el('div', { class: 'body' }, ...renderBlocks(answer.message, renderButton)),
      files,
      fix,
    ),
  );
}
