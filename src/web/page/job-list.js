import { request } from './api.js';
import { el } from './dom.js';
import { bdi, jobPath, linkTo, personName, renderAt, renderState } from './facts.js';
import { createPagedList } from './list.js';
import { createTable } from './table.js';

const typingMs = 150;

/** The view of all jobs. */
export function createJobList({ report, announce, setTitle }) {
  const field = el('input', {
    type: 'search',
    id: 'job-filter',
    autocomplete: 'off',
    placeholder: 'name, goal, project or owner',
  });
  const table = createTable('Jobs', ['Job', 'Schedule', 'Next', 'Project', 'Owner', 'Last run']);
  const none = el('p', { class: 'none', hidden: true });
  let filter = '';
  let timer;
  const list = createPagedList({
    async fetchPage(last) {
      const query = new URLSearchParams({ filter, ...(last === undefined ? {} : { after: last.name }) });
      const { jobs, hasMore } = await request('GET', `/api/jobs?${query}`);
      return { rows: jobs, hasMore };
    },
    key: (job) => job.name,
    isAfter: (job, last) => job.name > last.name,
    show: (jobs) => table.show(jobs.map(renderCells)),
    onLoaded(jobs, hasMore, isAsked) {
      none.hidden = jobs.length > 0;
      table.element.hidden = jobs.length === 0;
      none.textContent = filter === '' ? 'No jobs yet. A command in a channel makes one.' : 'No job has these words.';
      if (isAsked) announce(`${jobs.length}${hasMore ? ' and more' : ''} ${jobs.length === 1 ? 'job' : 'jobs'}`);
    },
    report,
  });
  field.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      filter = field.value.trim();
      history.replaceState(null, '', filter === '' ? '/jobs' : `/jobs?${new URLSearchParams({ filter })}`);
      void list.reset();
    }, typingMs);
  });

  return {
    title: 'Jobs',
    content: [
      el('div', { class: 'filters', role: 'search' }, el('label', { for: 'job-filter' }, 'Find'), field),
      table.element,
      none,
      list.more,
    ],
    open(place) {
      setTitle('Jobs');
      filter = place.query.get('filter') ?? '';
      field.value = filter;
      return list.reset();
    },
    refresh: () => list.refresh(),
    leave: () => clearTimeout(timer),
  };
}

function renderCells(job) {
  const last =
    job.lastRun === null
      ? '–'
      : el(
          'a',
          { href: `/runs/${job.lastRun.id}`, class: 'last-run', 'data-key': `${job.name} last` },
          job.lastRun.id,
          ' ',
          renderState(job.lastRun.status),
        );
  return [
    linkTo(jobPath(job.name), job.name, { 'data-key': job.name }),
    job.schedule ?? 'on demand only',
    renderNext(job),
    bdi(job.project),
    personName(job.owner),
    last,
  ];
}

/** When a job is due next, or that it is paused. */
export function renderNext({ paused, nextAt }) {
  if (paused === null) return renderAt(nextAt);
  const until = paused.until === null ? [] : [' until ', renderAt(paused.until)];
  return el('span', { class: 'paused' }, 'paused', ...until);
}
