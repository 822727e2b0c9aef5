import { el } from './dom.js';
import { icon } from './icons.js';
import { renderPerson } from './render-blocks.js';
import { renderDateTime, renderLong } from './times.js';

/** How each state of a run is drawn. */
const states = {
  queued: { icon: 'clock', tone: 'busy' },
  running: { icon: 'running', tone: 'busy' },
  deferred: { icon: 'clock', tone: 'busy' },
  succeeded: { icon: 'check', tone: 'good' },
  unverified: { icon: 'question', tone: 'unsure' },
  failed: { icon: 'cross', tone: 'bad' },
  'timed-out': { icon: 'clock', tone: 'bad' },
  stalled: { icon: 'warning', tone: 'bad' },
  cancelled: { icon: 'stop', tone: 'unsure' },
  lost: { icon: 'warning', tone: 'bad' },
  skipped: { icon: 'skip', tone: 'unsure' },
  missed: { icon: 'skip', tone: 'unsure' },
};

export const runStates = Object.keys(states).filter((name) => name !== 'skipped' && name !== 'missed');

/** A state with its mark: the word says all that the mark does. */
export function renderState(name) {
  const state = states[name] ?? { icon: 'question', tone: 'plain' };
  return el('span', { class: `status tone-${state.tone}` }, icon(state.icon), name);
}

const verdicts = {
  pass: { icon: 'check', tone: 'good', word: 'passes' },
  fail: { icon: 'cross', tone: 'bad', word: 'fails' },
  undecided: { icon: 'question', tone: 'unsure', word: 'undecided' },
  'not-judged': { icon: 'question', tone: 'unsure', word: 'not judged' },
};

/** What a check came to: `exits 1`, `passes`. */
export function renderVerdict({ verdict, exitCode, reason }) {
  const { icon: name, tone, word } = verdicts[verdict];
  const text = verdict === 'fail' && exitCode !== null ? `exits ${exitCode}` : reason ? `${word}: ${reason}` : word;
  return el('span', { class: `status tone-${tone}` }, icon(name), text);
}

/** An instant in the reader's zone, or a dash. */
export function renderAt(text) {
  if (text === null || text === undefined) return '–';
  const at = new Date(text);
  return el('time', { datetime: text, title: renderLong(at) }, renderDateTime(at));
}

/** `12 s`, `21 min`, `1 h 30 min`, `2 d 3 h`: rounded as messages round. */
export function renderDuration(ms) {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  const [whole, unit, rest, restUnit] =
    hours < 24 ? [hours, 'h', minutes % 60, 'min'] : [Math.floor(hours / 24), 'd', hours % 24, 'h'];
  return `${whole} ${unit}${rest === 0 ? '' : ` ${rest} ${restUnit}`}`;
}

/** From the start to the end, or to now; a dash for what has not begun. */
export const renderTook = ({ startedAt, endedAt }) =>
  startedAt === null
    ? '–'
    : renderDuration(Math.max(0, (endedAt === null ? Date.now() : Date.parse(endedAt)) - Date.parse(startedAt)));

/** `$1.12`; a dash where nothing is known. */
export function renderCost(costUsd) {
  if (costUsd === null || costUsd === 0) return '–';
  return costUsd < 0.01 ? '< $0.01' : `$${costUsd.toFixed(2)}`;
}

/** A name or a text that somebody wrote: its direction is its own. */
export const bdi = (text) => el('bdi', {}, text);

export const linkTo = (path, text, props = {}) => el('a', { href: path, ...props }, bdi(text));
export const jobPath = (name) => `/jobs/${encodeURIComponent(name)}`;
export const personName = (id) => bdi(renderPerson(id));

/** Names and values, those without a value left out. */
export function renderFacts(facts) {
  const shown = facts.filter(([, value]) => value !== null && value !== undefined && value !== '–');
  return el(
    'dl',
    { class: 'facts' },
    ...shown.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, ...[value].flat()))),
  );
}
