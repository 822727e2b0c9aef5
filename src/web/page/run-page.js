import { request } from './api.js';
import { el } from './dom.js';
import { bdi, jobPath, linkTo, personName, renderAt, renderCost, renderFacts, renderTook } from './facts.js';
import { icon } from './icons.js';
import { renderAttempts } from './run-attempts.js';
import { renderChecks } from './run-checks.js';
import { createRunControls } from './run-controls.js';
import { createRunLog } from './run-log.js';
import { renderBlocks } from './render-blocks.js';

/** The view of one run: its headline, its proof, its log and its attempts. */
export function createRunPage({ report, announce, setTitle, me, labels, ask }) {
  const parts = Object.fromEntries(
    ['headline', 'links', 'facts', 'checks', 'attempts'].map((name) => [name, el('div', { class: `run-${name}` })]),
  );
  const controls = createRunControls({ me, labels, ask, report, announce, onActed: () => void load().catch(report) });
  const log = createRunLog({ report, onEnd: () => void load().catch(report) });
  let id = '';
  let shown = {};
  let status = '';

  const show = (name, value, render) => {
    const text = JSON.stringify(value);
    if (shown[name] === text) return;
    shown[name] = text;
    parts[name].replaceChildren(...render());
  };

  async function load() {
    const asked = id;
    const { run } = await request('GET', `/api/runs/${asked}`);
    if (asked !== id) return;
    show('headline', run.headline, () => renderBlocks(run.headline));
    show('links', [run.messageRef, run.attempts.map((each) => each.hasPatch)], () => renderLinks(run));
    const takes = run.isLive ? Math.floor(Date.now() / 1000) : 0;
    show('facts', [run, takes], () => [renderRunFacts(run)]);
    show('checks', [run.checks, run.attempts], () => renderChecks(run));
    show('attempts', run.attempts, () => renderAttempts(run));
    controls.show(run);
    log.show(run);
    // Who opens a run that works wants to watch it; it moves no more when the run ends.
    if (status === '' && run.isLive) log.element.after(parts.checks);
    if (status !== '' && status !== run.status) announce(`${run.id} is ${run.status}`);
    status = run.status;
    setTitle(`${run.job} ${run.id}`);
  }

  return {
    title: '',
    content: [parts.headline, controls.element, parts.links, parts.facts, parts.checks, log.element, parts.attempts],
    async open(place) {
      id = place.name;
      shown = {};
      status = '';
      setTitle(id);
      for (const part of Object.values(parts)) part.replaceChildren();
      log.element.before(parts.checks);
      controls.clear();
      log.clear();
      await load();
    },
    refresh: load,
    leave() {
      id = '';
      controls.clear();
      log.clear();
    },
  };
}

/** Its thread and its patch. */
function renderLinks(run) {
  const channel = /^web:(.*)$/s.exec(run.channel)?.[1];
  const patched = run.attempts.findLast((attempt) => attempt.hasPatch);
  return [
    run.messageRef === null || channel === undefined
      ? null
      : el('a', { href: `/#${encodeURIComponent(channel)}/${run.messageRef}` }, 'Its thread'),
    patched === undefined
      ? null
      : el('a', { href: `/api/runs/${run.id}/patch`, download: `${run.id}.patch` }, icon('download'), 'The patch'),
  ].filter((link) => link !== null);
}

const triggers = { schedule: 'its schedule', hand: 'by hand', retry: 'a retry' };

function renderRunFacts(run) {
  const by = run.requestedBy === null ? [] : [', asked for by ', personName(run.requestedBy)];
  const isSubscription = run.attempts.some((attempt) => attempt.keySource === 'none');
  const cost = renderCost(run.costUsd);
  const retries = run.retries.flatMap((each, index) => [
    index === 0 ? '' : ', ',
    el('a', { href: `/runs/${each}` }, each),
  ]);
  return renderFacts([
    ['Job', run.currentJob === null ? [bdi(run.job), ' (deleted)'] : linkTo(jobPath(run.currentJob), run.job)],
    ['Project', bdi(run.project)],
    ['Started by', [triggers[run.trigger], ...by]],
    ['Due', renderAt(run.dueAt)],
    ['Queued', renderAt(run.queuedAt)],
    ['Started', renderAt(run.startedAt)],
    ['Took', renderTook(run)],
    ['Cost', cost === '–' ? null : `about ${cost}${isSubscription ? ' at API prices' : ''}`],
    ['Branch', run.branch === null ? null : el('code', {}, run.branch)],
    ['Retry of', run.retryOf === null ? null : el('a', { href: `/runs/${run.retryOf}` }, run.retryOf)],
    ['Note', run.note === null ? null : bdi(run.note)],
    ['Deleted', run.deleted.length === 0 ? null : run.deleted.map(({ text }) => el('div', {}, text))],
    ['Retried by', run.retries.length === 0 ? null : retries],
  ]);
}
