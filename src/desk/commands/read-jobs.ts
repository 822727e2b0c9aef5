import {
  bold,
  buttons,
  claudeSays,
  code,
  dateTime,
  line,
  output,
  type Block,
  type Message,
} from '../../model/message.ts';
import { runLabel } from '../../model/run.ts';
import { checkName } from '../../model/outcome.ts';
import { allowedActions } from '../allowed-actions.ts';
import { isRetryable } from '../is-retryable.ts';
import { workFacts } from '../show-job.ts';
import { renderHoldLine } from '../texts/hold-text.ts';
import { jobActions, renderJobLine, renderJobView } from '../texts/job-view.ts';
import { renderRunLine } from '../texts/run-line.ts';
import { renderRunView } from '../texts/run-view.ts';
import { renderResult } from '../texts/thread.ts';
import { mayView, visibleProjects, type Answer, type CommandContext } from './command-context.ts';
import { findTarget, latestVisibleRun } from './find-target.ts';
import type { Run } from '../../db/runs.ts';
import { roleIn } from '../../model/access.ts';
import type { Job } from '../../model/job.ts';
import { deletedRemnants } from '../texts/deleted-text.ts';

const listedJobs = 100;

/** The first jobs that the person may view, by name, a line each. */
export function listJobs(context: CommandContext): Answer {
  const jobs = firstVisible(context, listedJobs + 1);
  const { now, change, settings, actor } = context;
  if (jobs.length === 0)
    return { message: [line('No jobs yet. ', code('schedule <goal> --project … --when …'), ' makes one.')] };
  const held = change.holds.active().map((hold) => renderHoldLine(hold, settings.commandName));
  const shown = jobs.slice(0, listedJobs);
  const lines = shown.flatMap((job) => {
    const latest = change.runs.latestOfJob(job.id);
    const facts = { now, isDeleted: false, ...workFacts(change, job.id), latest };
    const actions = allowedActions({ ...change, settings }, actor, jobActions(job, facts));
    return [renderJobLine(job, facts), ...(actions.length === 0 ? [] : [buttons(...actions)])];
  });
  const more = line(`These are the first ${listedJobs} by name; `, code('show <name>'), ' shows any other.');
  return { message: [...held, ...lines, ...(jobs.length > shown.length ? [more] : [])] };
}

function firstVisible(context: CommandContext, count: number): Job[] {
  const found: Job[] = [];
  let after = '';
  for (;;) {
    const page = context.change.jobs.page({ after, words: [], limit: count });
    found.push(...page.filter((job) => mayView(context, job.project)));
    after = page.at(-1)?.name ?? '';
    if (page.length < count || found.length >= count) return found.slice(0, count);
  }
}

/** One job with its goal and latest runs, or one run with its proof. */
export function showTarget(context: CommandContext, reference: string): Answer {
  const target = findTarget(context, reference, { isExact: false });
  const { change, settings, now } = context;
  if (target.kind === 'run') return { message: forAsker(context, showRunNow(context, target.run)) };
  const { job } = target;
  const view = renderJobView(job, settings.projects.get(job.project), {
    now,
    isDeleted: false,
    ...workFacts(change, job.id),
  });
  const runs = change.runs.list({ jobId: job.id, projects: visibleProjects(context), limit: 5 });
  const skipped = change.occurrences
    .settled(job.id, 5)
    .filter((each) => each.state !== 'ran')
    .map((each) => line(dateTime(each.dueAt), ` ${each.state}: ${each.reason ?? ''}`));
  const message = [...view, line('goal:'), output(job.goal), ...runs.map(renderRunLine), ...skipped];
  return { message: forAsker(context, message) };
}

/** Only they see the answer: it has the buttons that they may use. */
function forAsker({ change, settings, actor }: CommandContext, message: Message): Message {
  return message.flatMap((block) => {
    if (block.kind !== 'actions') return [block];
    const actions = allowedActions({ ...change, settings }, actor, block.actions);
    return actions.length === 0 ? [] : [buttons(...actions)];
  });
}

function showRunNow({ change, now }: CommandContext, run: Run): Block[] {
  const attempts = change.attempts.ofRun(run.id);
  const proof = run.endedAt === null ? [] : renderResult(run, attempts);
  return [...renderRunView({ run, attempts, now, isRetryable: isRetryable(change, run) }), ...proof];
}

/** The latest runs, newest first. */
export function showHistory(context: CommandContext, reference: string | undefined): Answer {
  const target = reference === undefined ? undefined : findTarget(context, reference, { isExact: false });
  const jobId = target === undefined ? undefined : target.kind === 'job' ? target.job.id : target.run.jobId;
  const runs = context.change.runs.list({ jobId, projects: visibleProjects(context), limit: 20 });
  if (runs.length === 0) return { message: [line('No runs yet.')] };
  return { message: runs.map(renderRunLine) };
}

/** The end of a run's log, with the whole of it attached. For a job, the log of its latest run. */
export function showLog(context: CommandContext, reference: string): Answer {
  const target = findTarget(context, reference, { isExact: false });
  const run = target.kind === 'run' ? target.run : latestVisibleRun(context, target.job);
  if (run === undefined) return { message: [line('It has not run yet.')] };
  const attempts = context.change.attempts.ofRun(run.id);
  const gone = deletedRemnants(run.endedAt, context.change.runFiles.get(run.id)).find(({ what }) => what === 'logs');
  const files = attempts.flatMap((attempt) =>
    attempt.report?.transcriptPath == null || gone !== undefined
      ? []
      : [{ name: `${runLabel(run.id)}-attempt-${attempt.number}.log`, path: attempt.report.transcriptPath }],
  );
  const words = attempts.at(-1)?.report?.claude?.lastWords ?? '';
  const heading = line(
    bold(run.spec.jobName),
    ` ${runLabel(run.id)} · ${run.status} · `,
    gone?.text ?? logText(files.length, run),
  );
  return { message: words === '' ? [heading] : [heading, claudeSays(words)], files };
}

function logText(files: number, run: Run): string {
  if (files > 0) return files === 1 ? 'its log is attached' : `the logs of ${files} attempts are attached`;
  return run.endedAt === null
    ? 'its log is on the page while it runs'
    : 'there is no log: it ended before Claude began';
}

/** Projects that the person may view, with what their jobs get. */
export function listProjects(context: CommandContext): Answer {
  const { settings, actor } = context;
  const visible = [...settings.projects.values()].filter((project) => mayView(context, project.name));
  if (visible.length === 0)
    return { message: [line('There is no project that you may view. Your id here is ', code(actor.person), '.')] };
  return {
    message: visible.map((project) => {
      const checks = project.checks.flatMap((check, index) => [
        index === 0 ? ' · every job is checked by ' : ', ',
        checkName(check),
      ]);
      const role = roleIn(settings.access, project.name, actor) ?? 'viewer';
      const where = project.workspace === 'in-place' ? 'in place, one run at a time' : 'a worktree for each run';
      return line(code(project.name), ` · ${where} · you are ${role}`, ...checks);
    }),
  };
}
