import { request } from './api.js';
import { el } from './dom.js';
import { jobPath, linkTo, renderAt, renderCost, renderState, renderTook, runStates } from './facts.js';
import { createPagedList } from './list.js';
import { withCode } from './render-blocks.js';
import { createTable } from './table.js';

/** The cells of a run: its state, itself, when, how long, what it cost, why. */
export const runColumns = ['State', 'Run', 'Job', 'When', 'Took', 'Cost, about', 'Why'];

export function renderRunCells(run) {
  return [
    renderState(run.status),
    el('a', { href: `/runs/${run.id}`, 'data-key': run.id }, run.id),
    linkTo(jobPath(run.job), run.job, { 'data-key': `${run.id} job` }),
    renderAt(run.startedAt ?? run.queuedAt),
    renderTook(run),
    renderCost(run.costUsd),
    run.reason === null ? '' : el('bdi', {}, ...withCode(run.reason)),
  ];
}

/** The view of all runs, newest first. */
export function createRunList({ report, announce, setTitle }) {
  const state = el(
    'select',
    { id: 'run-state' },
    el('option', { value: '' }, 'any'),
    ...runStates.map((name) => el('option', { value: name }, name)),
  );
  const job = el('input', {
    type: 'search',
    id: 'run-job',
    autocomplete: 'off',
    placeholder: 'a job’s name',
    list: 'run-jobs',
  });
  const names = el('datalist', { id: 'run-jobs' });
  const table = createTable('Runs', runColumns);
  const none = el('p', { class: 'none', hidden: true });
  let query = new URLSearchParams();
  const list = createPagedList({
    async fetchPage(last) {
      const asked = new URLSearchParams(query);
      if (last !== undefined) asked.set('before', last.id);
      const { runs, hasMore } = await request('GET', `/api/runs?${asked}`);
      return { rows: runs, hasMore };
    },
    key: (run) => run.id,
    isAfter: (run, last) => run.number < last.number,
    show: (runs) => table.show(runs.map(renderRunCells)),
    onLoaded(runs, hasMore, isAsked) {
      none.hidden = runs.length > 0;
      table.element.hidden = runs.length === 0;
      none.textContent = [...query].length === 0 ? 'No runs yet.' : 'No such runs.';
      if (isAsked) announce(`${runs.length}${hasMore ? ' and more' : ''} ${runs.length === 1 ? 'run' : 'runs'}`);
    },
    report,
  });
  const readQuery = () => {
    const given = { status: state.value, job: job.value.trim() };
    query = new URLSearchParams(Object.entries(given).filter(([, value]) => value !== ''));
  };
  const change = () => {
    readQuery();
    history.replaceState(null, '', `/runs${query.size === 0 ? '' : `?${query}`}`);
    void list.reset();
  };
  state.addEventListener('change', change);
  job.addEventListener('change', change);
  job.addEventListener('focus', () => void suggest());

  /** The names are asked for when somebody goes to the field. */
  async function suggest() {
    const { jobs } = await request('GET', '/api/jobs').catch(() => ({ jobs: [] }));
    names.replaceChildren(...jobs.map(({ name }) => el('option', { value: name })));
  }

  return {
    title: 'Runs',
    content: [
      el(
        'div',
        { class: 'filters', role: 'search' },
        el('label', { for: 'run-state' }, 'State'),
        state,
        el('label', { for: 'run-job' }, 'Job'),
        job,
        names,
      ),
      table.element,
      none,
      list.more,
    ],
    open(place) {
      setTitle('Runs');
      state.value = place.query.get('status') ?? '';
      job.value = place.query.get('job') ?? '';
      readQuery();
      return list.reset();
    },
    refresh: () => list.refresh(),
    leave() {},
  };
}
