import { request } from './api.js';
import { el } from './dom.js';
import { bdi, personName, renderAt, renderDuration, renderFacts, renderState } from './facts.js';
import { renderNext } from './job-list.js';
import { createPagedList } from './list.js';
import { renderRunCells, runColumns } from './run-list.js';
import { createTable } from './table.js';

/** The view of one job. */
export function createJobPage({ report, announce, setTitle }) {
  const facts = el('div');
  const table = createTable('History', runColumns);
  const none = el('p', { class: 'none', hidden: true }, 'It has not run yet.');
  let path = '';
  const list = createPagedList({
    async fetchPage(last) {
      const { entries, next } = await request(
        'GET',
        `${path}/history${last === undefined ? '' : `?before=${last.next}`}`,
      );
      return { rows: entries.map((entry) => ({ ...entry, next })), hasMore: next !== null };
    },
    key: (entry) => entry.run?.id ?? entry.dueAt,
    isAfter: (entry, last) => instantOf(entry) < instantOf(last),
    show: (entries) => table.show(entries.map(renderEntry)),
    onLoaded(entries) {
      none.hidden = entries.length > 0;
      table.element.hidden = entries.length === 0;
    },
    report,
  });
  const load = async () => {
    const { job } = await request('GET', path);
    const text = JSON.stringify(job);
    if (facts.dataset.shown === text) return;
    facts.dataset.shown = text;
    facts.replaceChildren(...renderJob(job));
  };

  return {
    title: '',
    content: [
      facts,
      el('section', { 'aria-label': 'History' }, el('h2', {}, 'History'), table.element, none, list.more),
    ],
    async open(place) {
      path = `/api/jobs/${encodeURIComponent(place.name)}`;
      setTitle(place.name);
      delete facts.dataset.shown;
      facts.replaceChildren();
      await load();
      announce(`Job ${place.name}`);
      await list.reset();
    },
    async refresh() {
      await load();
      await list.refresh();
    },
    leave() {},
  };
}

const instantOf = (entry) => Date.parse(entry.dueAt ?? entry.run.queuedAt);

function renderEntry(entry) {
  if (entry.kind === 'run') return renderRunCells(entry.run);
  return [renderState(entry.kind), '–', '–', renderAt(entry.dueAt), '–', '–', bdi(entry.reason ?? '')];
}

function renderJob(job) {
  const { settings } = job;
  const attempts = settings.retries === 0 ? '1 attempt' : `up to ${settings.retries + 1} attempts`;
  const checks =
    job.checks.length === 0
      ? el('p', { class: 'none' }, 'None of its own: results are unverified, unless its project has checks.')
      : el('ul', { class: 'plain' }, ...job.checks.map((check) => el('li', {}, renderCheckName(check))));
  return [
    renderFacts([
      ['Schedule', job.schedule ?? 'on demand only'],
      [
        'Next',
        job.nextTimes.length === 0
          ? renderNext(job)
          : el('ul', { class: 'times' }, ...job.nextTimes.map((at) => el('li', {}, renderAt(at)))),
      ],
      ['Project', bdi(job.project)],
      ['Owner', personName(job.owner)],
      [
        'Limits',
        `${attempts}, ${renderDuration(settings.timeoutMs)} each${settings.budgetUsd === null ? '' : `, $${settings.budgetUsd} in all`}`,
      ],
      ['Model', settings.model === null ? null : bdi(settings.model)],
      [
        'Notifies',
        { failure: 'the owner of a failure', always: 'the owner, always', never: 'nobody' }[settings.notify],
      ],
      [
        'While a run goes on',
        {
          skip: 'what falls due is skipped',
          queue: 'one run waits for its end',
          cancel: 'what falls due cancels it',
          allow: 'what falls due runs beside it',
        }[settings.overlap],
      ],
      ['After downtime', afterDowntime(settings)],
      ['Made', renderAt(job.createdAt)],
    ]),
    el('section', {}, el('h2', {}, 'Goal'), el('p', { class: 'goal', dir: 'auto' }, job.goal)),
    el('section', {}, el('h2', {}, 'Checks'), checks),
  ];
}

function afterDowntime({ catchUp, catchUpWithinMs }) {
  if (catchUp === 'skip') return 'nothing is caught up';
  const what = catchUp === 'all' ? 'all are caught up, up to 10' : 'the latest is caught up';
  return `${what}, if not later than ${renderDuration(catchUpWithinMs)}`;
}

/** A command as code, a sentence as it is. */
export const renderCheckName = (check) =>
  check.startsWith('$ ') ? el('code', { dir: 'auto' }, check.slice(2)) : el('bdi', {}, `“${check}”`);
