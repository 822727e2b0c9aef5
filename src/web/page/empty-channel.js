import { el } from './dom.js';

const examples = [
  'schedule "raise the dependencies and mend what breaks" --when "weekdays at 2am" --accept "$ npm test"',
  'list',
  'help',
];

/** What a channel without messages shows: first steps, to click. */
export function renderEmptyChannel(command, onPick) {
  const buttons = examples.map((text) =>
    el('li', {}, el('button', { type: 'button', onclick: () => onPick(text) }, el('code', {}, `${command} ${text}`))),
  );
  return [el('p', {}, 'Nothing here yet. Give the night shift something to do:'), el('ul', {}, ...buttons)];
}
