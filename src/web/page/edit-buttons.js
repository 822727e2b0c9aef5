import { request } from './api.js';
import { el } from './dom.js';

const pauseMs = 50;

/**
 * Puts an *Edit* button on the messages of jobs that the reader may edit: it asks the server about each message once, and about
 * a job's again when it has changed. `onEdit(name)` opens the form.
 */
export function createEditButtons({ channel, onEdit, report }) {
  const waiting = new Map();
  const known = new Map();
  let timer;

  const ask = async () => {
    const asked = [...waiting].slice(0, 200);
    for (const [id] of asked) waiting.delete(id);
    if (asked.length === 0) return;
    const ids = asked.map(([id]) => id).join(',');
    const { jobs } = await request('GET', `/api/channels/${encodeURIComponent(channel())}/editable?messages=${ids}`);
    const names = new Map(jobs.map(({ message, name }) => [Number(message), name]));
    for (const [id, show] of asked) {
      known.set(id, names.get(id) ?? null);
      show(names.get(id));
    }
    if (waiting.size > 0) await ask();
  };

  return {
    /** Shows in `place` what is known of the message, and asks for what is not. */
    update({ id, author, thread }, place) {
      if (author !== 'bot' || thread !== null) return;
      const show = (name) => {
        if (place.dataset.name === name) return;
        if (name === undefined) delete place.dataset.name;
        else place.dataset.name = name;
        place.replaceChildren(...(name === undefined ? [] : [renderButton(name, onEdit)]));
      };
      if (known.get(id) === null) return;
      waiting.set(id, show);
      clearTimeout(timer);
      timer = setTimeout(() => ask().catch(report), pauseMs);
    },
  };
}

const renderButton = (name, onEdit) =>
  el(
    'button',
    { type: 'button', class: 'reaction edit-job', 'data-key': 'edit', onclick: () => onEdit(name) },
    'Edit',
    el('span', { class: 'sr-only' }, ` ${name}`),
  );
