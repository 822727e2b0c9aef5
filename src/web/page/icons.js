import { el, svg } from './dom.js';

const paths = {
  check: ['M20 12a8 8 0 1 1-16 0 8 8 0 0 1 16 0z', 'm8.5 12.2 2.5 2.5 4.6-5'],
  cross: ['M20 12a8 8 0 1 1-16 0 8 8 0 0 1 16 0z', 'm9.2 9.2 5.6 5.6m0-5.6-5.6 5.6'],
  question: ['M20 12a8 8 0 1 1-16 0 8 8 0 0 1 16 0z', 'M9.9 10a2.2 2.2 0 1 1 3 2.1c-.6.3-.9.7-.9 1.3', 'M12 15.9v.1'],
  clock: ['M20 12a8 8 0 1 1-16 0 8 8 0 0 1 16 0z', 'M12 7.8V12l2.8 1.9'],
  lock: ['M6.5 11h11v8h-11z', 'M8.8 11V8.4a3.2 3.2 0 0 1 6.4 0V11'],
  skip: ['M6 7l6 5-6 5zM12.5 7l6 5-6 5z'],
  stop: ['M8.6 4.5h6.8l4.1 4.1v6.8l-4.1 4.1H8.6l-4.1-4.1V8.6z', 'M9.5 12h5'],
  warning: ['M12 4.6 20.3 19H3.7z', 'M12 10v4', 'M12 16.6v.1'],
  running: ['M12 4a8 8 0 1 1-8 8'],
  retry: ['M18.9 9.2A7.4 7.4 0 0 0 5 10.5M5.1 14.8A7.4 7.4 0 0 0 19 13.5', 'M19.3 5v4.5h-4.5M4.7 19v-4.5h4.5'],
  close: ['M6.5 6.5l11 11m0-11-11 11'],
  file: ['M7 4h7l4 4v12H7z', 'M13.5 4v4.5H18'],
  download: ['M12 5v9.5m-4-3.8 4 4 4-4', 'M5.5 19h13'],
  eye: ['M4 12s3-5.5 8-5.5S20 12 20 12s-3 5.5-8 5.5S4 12 4 12z', 'M12 14a2 2 0 1 0 0-4 2 2 0 0 0 0 4z'],
};

/** Emoji that say a state or name a control: drawn, so that they look alike on every machine. */
const states = {
  '✅': { icon: 'check', tone: 'good' },
  '❌': { icon: 'cross', tone: 'bad' },
  '❔': { icon: 'question', tone: 'unsure' },
  '⏱️': { icon: 'clock', tone: 'bad' },
  '🔒': { icon: 'lock', tone: 'bad' },
  '🕔': { icon: 'clock', tone: 'busy' },
  '⏭️': { icon: 'skip', tone: 'unsure' },
  '🛑': { icon: 'stop', tone: 'unsure' },
  '⚠️': { icon: 'warning', tone: 'bad' },
  '⏳': { icon: 'running', tone: 'busy' },
  '🔁': { icon: 'retry', tone: 'plain' },
};
const stateEmoji = new RegExp(
  `(${Object.keys(states)
    .map((emoji) => emoji.replace('\ufe0f', '\ufe0f?'))
    .join('|')})`,
);

const findState = (emoji) => states[emoji] ?? states[`${emoji}\ufe0f`];

/** Draws the icon `name`; it says nothing to screen readers. */
export function icon(name) {
  const lines = paths[name].map((d) => svg('path', { d }));
  return svg('svg', { class: `icon icon-${name}`, viewBox: '0 0 24 24', 'aria-hidden': 'true' }, ...lines);
}

/** Text with each emoji of a state drawn; the emoji stays for copying and for screen readers. */
export function withStateIcons(text) {
  return text.split(stateEmoji).map((part) => {
    const state = findState(part);
    if (state === undefined) return part;
    return el('span', { class: `state tone-${state.tone}` }, icon(state.icon), el('span', { class: 'sr-only' }, part));
  });
}
