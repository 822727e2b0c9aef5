import { el } from './dom.js';
import { icon } from './icons.js';
import { keepAtEnd } from './keep-at-end.js';

/** What a log may take on the page: characters kept of it, and bytes asked for of one that is long already. */
const maxCharacters = 400_000;
const tailBytes = 400_000;
const chunkCharacters = 20_000;
const maxChunks = 100;

/**
 * The log of a run's attempt. It follows while the attempt runs, stays at its end while the reader is there, and keeps a
 * bounded part: the whole is to be downloaded. `onEnd` hears that a followed log has ended.
 */
export function createRunLog({ report, onEnd }) {
  const text = el('div', { class: 'log-text' });
  const scroll = el('pre', { class: 'log', tabindex: '0', role: 'log', 'aria-live': 'off' }, text);
  const newer = el('button', { type: 'button', class: 'newer', hidden: true }, 'More below');
  const cut = el('p', { class: 'none', hidden: true }, 'The beginning is left out here; the download has all of it.');
  const choice = el('div', { class: 'log-attempts' });
  const element = el(
    'section',
    { class: 'run-log', 'aria-label': 'Log', hidden: true },
    el('div', { class: 'log-head' }, el('h2', {}, 'Log'), choice),
    cut,
    el('div', { class: 'log-box' }, scroll, newer),
  );
  const end = keepAtEnd(scroll, text, newer);
  let reading = new AbortController();
  let run;
  /** The attempt that is shown; whether the reader chose it. */
  let shown = { number: undefined, isChosen: false };
  let isFollowing = false;

  const open = async (number) => {
    reading.abort();
    reading = new AbortController();
    const { signal } = reading;
    shown.number = number;
    text.replaceChildren();
    cut.hidden = true;
    scroll.setAttribute('aria-label', `Log of attempt ${number}`);
    const isLive = run.attempts.find((each) => each.number === number)?.endedAt === null;
    isFollowing = isLive;
    scroll.dataset.state = isLive ? 'live' : 'ended';
    try {
      const query = `attempt=${number}&tail=${tailBytes}${isLive ? '&follow=true' : ''}`;
      const response = await fetch(`/api/runs/${run.id}/log?${query}`, { signal });
      if (!response.ok)
        throw Object.assign(new Error(`The log answered ${response.status}.`), { status: response.status });
      cut.hidden = response.headers.get('x-log-offset') === '0';
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) append(part.value);
    } catch (error) {
      if (signal.aborted) return;
      isFollowing = false;
      // A followed log whose connection broke goes on with the next look at the run.
      if (isLive) shown.number = undefined;
      else report(error);
      return;
    }
    if (signal.aborted) return;
    isFollowing = false;
    scroll.dataset.state = 'ended';
    if (isLive) onEnd();
  };

  /** Parts are text and nothing else. The oldest go when there are too many, without moving what is read. */
  const append = (part) => {
    for (let from = 0; from < part.length; from += chunkCharacters) {
      const piece = part.slice(from, from + chunkCharacters);
      const last = text.lastChild;
      if (last !== null && last.length + piece.length <= chunkCharacters) last.appendData(piece);
      else text.append(piece);
    }
    const isFull = () => text.childNodes.length > maxChunks || lengthOf(text) > maxCharacters;
    if (isFull()) {
      const { scrollTop, scrollHeight } = scroll;
      while (isFull()) text.firstChild.remove();
      text.firstChild.deleteData(0, text.firstChild.data.indexOf('\n') + 1);
      cut.hidden = false;
      scroll.scrollTop = scrollTop - (scrollHeight - scroll.scrollHeight);
    }
    end.grew();
  };

  const renderChoice = () => {
    const buttons = run.attempts
      .filter((attempt) => attempt.hasLog)
      .map(({ number }) =>
        el(
          'button',
          {
            type: 'button',
            'aria-pressed': String(number === shown.number),
            onclick() {
              shown.isChosen = true;
              void open(number);
              renderChoice();
            },
          },
          `attempt ${number}`,
        ),
      );
    const href = `/api/runs/${run.id}/log?attempt=${shown.number}&download=true`;
    const name = `${run.id}-attempt-${shown.number}.log`;
    const save = el(
      'a',
      { class: 'save', href, download: name, 'aria-label': `Download ${name}` },
      icon('download'),
      'Download',
    );
    choice.replaceChildren(...(buttons.length > 1 ? buttons : []), save);
  };

  return {
    element,
    /** Shows the newest attempt, and goes on to the next one when that begins, unless the reader chose another. */
    show(given) {
      run = given;
      const newest = run.attempts.findLast((attempt) => attempt.hasLog)?.number;
      element.hidden = newest === undefined;
      if (newest === undefined) return;
      const wanted = shown.isChosen ? (shown.number ?? newest) : newest;
      if (wanted !== shown.number && !isFollowing) void open(wanted);
      renderChoice();
    },
    clear() {
      reading.abort();
      isFollowing = false;
      shown = { number: undefined, isChosen: false };
      text.replaceChildren();
      element.hidden = true;
    },
  };
}

const lengthOf = (text) => [...text.childNodes].reduce((sum, node) => sum + node.length, 0);
