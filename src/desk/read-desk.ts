import type { Run } from '../db/runs.ts';
import type { Store } from '../db/store.ts';
import { roleIn } from '../model/access.ts';
import type { Job } from '../model/job.ts';
import type { RunStatus } from '../model/run.ts';
import type { AttemptFile, Runner } from '../runner/runner.ts';
import { visibleProjects } from './commands/command-context.ts';
import type { DeskSettings } from './desk-settings.ts';
import { jobHistory, jobJson } from './read-job.ts';
import { runDetail, runJson } from './read-run.ts';
import { takeVisible } from './take-visible.ts';
import { goneRunText } from './texts/gone-run-text.ts';

export interface ReadDeskDependencies {
  store: Store;
  runner: Pick<Runner, 'read' | 'size'>;
  settings: DeskSettings;
  now: () => Date;
}

interface RunFilter {
  job?: string | undefined;
  status?: RunStatus | undefined;
  before?: number | undefined;
  limit: number;
}

/** How many instants are told at which a job is due next. */
const nextTimes = 5;

/** What scripts and the page read: JSON-ready, and only what the person may view. */
export function createReadDesk({ store, runner, settings, now }: ReadDeskDependencies) {
  const mayView = (person: string, project: string): boolean =>
    roleIn(settings.access, project, { person }) !== undefined;
  const findLive = (person: string, name: string): Job | undefined => {
    const job = store.jobs.findByName(name);
    return job === undefined || store.jobs.isDeleted(job.id) || !mayView(person, job.project) ? undefined : job;
  };
  return {
    listJobs(person: string, { filter, after, limit }: { filter: string; after?: string | undefined; limit: number }) {
      const words = filter.split(/\s+/).filter((word) => word !== '');
      const { rows, hasMore } = takeVisible<Job>(
        limit,
        (last) => store.jobs.page({ after: last?.name ?? after, words, limit: limit + 1 }),
        (job) => mayView(person, job.project),
      );
      return { jobs: rows.map((job) => jobJson(store, job, now(), 1)), hasMore };
    },
    findJob(person: string, name: string) {
      const job = findLive(person, name);
      return job && jobJson(store, job, now(), nextTimes);
    },
    listHistory(person: string, name: string, page: Omit<Parameters<typeof jobHistory>[2], 'projects'>) {
      const job = findLive(person, name);
      return job && jobHistory(store, job, { ...page, projects: visibleProjects({ settings, actor: { person } }) });
    },
    listRuns(person: string, { job: name, status, before, limit }: RunFilter) {
      const job = name === undefined ? undefined : store.jobs.findByName(name);
      if (name !== undefined && job === undefined) return { runs: [], hasMore: false };
      const statuses = status === undefined ? undefined : [status];
      const { rows, hasMore } = takeVisible<Run>(
        limit,
        (last) => store.runs.list({ jobId: job?.id, statuses, before: last?.id ?? before, limit: limit + 1 }),
        (run) => mayView(person, run.spec.project),
      );
      return { runs: rows.map((run) => runJson(store, run)), hasMore };
    },
    findRun(person: string, id: number) {
      const run = store.runs.get(id);
      if (run === undefined || !mayView(person, run.spec.project)) return undefined;
      return runDetail(store, run, { person, settings, now: now() });
    },
    whyNoRun(person: string, id: number): string | undefined {
      if (!store.runs.isGone(id) || visibleProjects({ settings, actor: { person } })?.length === 0) return undefined;
      return goneRunText(id, settings.retention).replaceAll('`', '');
    },
    async readFile({ run, attempt, file, offset, maxBytes }: FileRequest) {
      const found = store.attempts.ofRun(run).find((each) => each.number === attempt);
      if (found === undefined) return { bytes: new Uint8Array(), isLive: false };
      // Looked up first: an attempt that ends while it is read has its last bytes read the next time.
      const isLive = found.endedAt === null;
      return { bytes: await runner.read(found.id, file, offset, maxBytes), isLive };
    },
    async fileSize({ run, attempt, file }: Pick<FileRequest, 'run' | 'attempt' | 'file'>) {
      const found = store.attempts.ofRun(run).find((each) => each.number === attempt);
      return found === undefined ? 0 : runner.size(found.id, file);
    },
    undelivered: () => store.outbox.failing().map(({ channel, count, lastError }) => ({ channel, count, lastError })),
    health() {
      const waiting = store.outbox.waitingChannels().length;
      return {
        running: store.runs.withStatus('running').length,
        queued: store.runs.withStatus('queued').length,
        channelsWithUndelivered: waiting,
      };
    },
  };
}

interface FileRequest {
  run: number;
  attempt: number;
  file: AttemptFile;
  offset: number;
  maxBytes: number;
}
