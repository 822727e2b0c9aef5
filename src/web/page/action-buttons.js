import { request } from './api.js';
import { el, replaceKeepingFocus } from './dom.js';

const pauseMs = 50;
/** These two are reactions too, with five seconds to take them back: message-view.js shows them as such. */
const reacted = new Set(['retry', 'cancel']);

/**
 * Puts buttons on the messages of jobs and runs: those that the reader may use. The server is asked about a message when its
 * buttons have changed. `renderButton` makes a button of an action.
 */
export function createActionButtons({ channel, renderButton, report }) {
  const waiting = new Map();
  let timer;

  const ask = async () => {
    const asked = [...waiting].slice(0, 200);
    for (const [id] of asked) waiting.delete(id);
    if (asked.length === 0) return;
    const ids = asked.map(([id]) => id).join(',');
    const { messages } = await request('GET', `/api/channels/${encodeURIComponent(channel())}/actions?messages=${ids}`);
    const allowed = new Map(messages.map(({ id, actions }) => [id, actions]));
    for (const [id, show] of asked) show(allowed.get(id) ?? []);
    if (waiting.size > 0) await ask();
  };

  return {
    /** Shows in `place` the buttons of the message. */
    update({ id, message }, place) {
      const offered = actionsOf(message).filter(({ kind }) => !reacted.has(kind));
      const key = JSON.stringify(offered);
      if (place.dataset.offered === key) return;
      place.dataset.offered = key;
      const show = (allowed) => {
        if (place.dataset.offered !== key) return;
        const shown = offered.filter((each) => allowed.some((other) => isSame(each, other)));
        replaceKeepingFocus(place, shown.map(renderButton));
      };
      if (offered.length === 0) return show([]);
      waiting.set(id, show);
      clearTimeout(timer);
      timer = setTimeout(() => ask().catch(report), pauseMs);
    },
  };
}

const actionsOf = (message) => message.flatMap((block) => (block.kind === 'actions' ? block.actions : []));
const isSame = (one, other) => one.kind === other.kind && one.target === other.target;

/**
 * Makes a button of an action: a link for the log, the form for *Edit*, a question first for *Delete* and *Retry with a note*.
 * `act(action, note)` does the rest.
 */
export const createRenderButton =
  ({ labels, act, onEdit, ask }) =>
  (action) => {
    const { kind, target } = action;
    const what = [labels[kind], el('span', { class: 'sr-only' }, ` ${target}`)];
    const attributes = { class: `reaction act act-${kind}`, 'data-key': `${kind} ${target}` };
    if (kind === 'log') return el('a', { ...attributes, href: `/runs/${encodeURIComponent(target)}` }, ...what);
    const click = {
      edit: () => onEdit(target),
      delete: () => ask.toDelete(target, () => act(action, '')),
      'retry-with-note': () => ask.forNote(target, (note) => act(action, note)),
    };
    return el('button', { ...attributes, type: 'button', onclick: click[kind] ?? (() => act(action, '')) }, ...what);
  };
