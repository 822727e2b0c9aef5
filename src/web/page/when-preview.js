import { request } from './api.js';
import { el } from './dom.js';
import { withCode } from './render-blocks.js';
import { renderDateTime, renderLong } from './times.js';

const pauseMs = 250;

/**
 * Says below a field what the words in it mean, with the next times in the reader's zone, a moment after each change.
 * `asked()` is what the server is asked; without words the job runs on demand.
 */
export function createWhenPreview({ asked }) {
  const element = el('p', { class: 'when-preview', role: 'status' });
  let timer;
  let latest = 0;

  const show = (...content) => element.replaceChildren(...content);
  const look = async () => {
    const turn = (latest += 1);
    const { words, zone, channel } = asked();
    if (words.trim() === '') return show('On demand: it runs when somebody says so.');
    const query = new URLSearchParams({ words, zone, channel });
    const answer = await request('GET', `/api/when?${query}`).catch((error) => ({ ok: false, message: error.message }));
    // An older question may be answered later.
    if (turn !== latest) return;
    element.classList.toggle('is-unread', !answer.ok);
    if (!answer.ok) return show(...withCode(answer.message));
    show(el('strong', {}, answer.sentence), ...renderTimes(answer.instants));
  };

  return {
    element,
    /** Looks at once. */
    look,
    /** Looks when nothing has been typed for a moment. */
    changed() {
      clearTimeout(timer);
      timer = setTimeout(look, pauseMs);
    },
  };
}

function renderTimes(instants) {
  if (instants.length === 0) return [];
  const times = instants.map((instant) => {
    const at = new Date(instant);
    return el('time', { datetime: instant, title: renderLong(at) }, renderDateTime(at));
  });
  return [el('br'), 'next, in your time: ', ...times.flatMap((time, index) => (index === 0 ? [time] : [' · ', time]))];
}
