import { type Context, Hono } from 'hono';
import * as z from 'zod';

import { finalStatuses, liveStatuses } from '../model/run.ts';
import type { AppEnv } from './app-env.ts';
import type { RunDetailJson, RunJson } from './desk-json.ts';
import { HttpProblem } from './http-problem.ts';
import type { PageUrl } from './page-url.ts';
import { readQuery } from './read-body.ts';
import { readPatch } from './run-files.ts';
import { readRunLog } from './run-log.ts';
import { sendParts, type OnFault } from './send-parts.ts';
import type { WebDesk } from './web-desk.ts';

const attemptNumber = z.coerce.number().int().min(1).optional();

const runsQuery = z.strictObject({
  job: z.string().min(1).optional(),
  status: z.enum([...liveStatuses, ...finalStatuses]).optional(),
  before: z
    .string()
    .regex(/^r?\d{1,15}$/i, 'must be a run, such as r142')
    .transform((text) => Number(text.replace(/^r/i, '')))
    .optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

const logQuery = z.strictObject({
  attempt: attemptNumber,
  follow: z.stringbool().default(false),
  tail: z.coerce.number().int().min(1).optional(),
  download: z.stringbool().default(false),
});

const patchQuery = z.strictObject({ attempt: attemptNumber });

export interface RunRoutesOptions {
  desk: WebDesk;
  pageUrl: PageUrl;
  /** How often a followed log is looked at. */
  followMs: number;
  /** Aborted when the server stops. */
  signal: AbortSignal;
  onFault: OnFault;
}

/** Runs, their logs and their patches. */
export function createRunRoutes({ desk, pageUrl, followMs, signal, onFault }: RunRoutesOptions) {
  const withUrl = <T extends RunJson>(run: T) => ({ ...run, url: pageUrl(`/runs/${run.id}`) });
  const getRun = (c: Context<AppEnv>): RunDetailJson => {
    const id = c.req.param('id') ?? '';
    const number = /^r?(\d{1,15})$/i.exec(id)?.[1];
    const unknown = `There is no run ${id} that you may view. A run is r142 or 142.`;
    if (number === undefined) throw new HttpProblem(404, unknown);
    const run = desk.findRun(c.get('person'), Number(number));
    if (run === undefined) throw new HttpProblem(404, desk.whyNoRun(c.get('person'), Number(number)) ?? unknown);
    return run;
  };
  return new Hono<AppEnv>()
    .get('/runs', (c) => {
      const { runs, hasMore } = desk.listRuns(c.get('person'), readQuery(c, runsQuery));
      return c.json({ runs: runs.map(withUrl), hasMore });
    })
    .get('/runs/:id', (c) => c.json({ run: withUrl(getRun(c)) }))
    .get('/runs/:id/patch', (c) => {
      const run = getRun(c);
      const { attempt: wanted } = readQuery(c, patchQuery);
      const attempt = wanted === undefined ? run.attempts.findLast((each) => each.hasPatch) : getAttempt(run, wanted);
      throwIfDeleted(run);
      if (attempt?.hasPatch !== true) throw new HttpProblem(404, `${run.id} has no patch: no files changed.`);
      sendText(c, `${run.id}.patch`);
      if (c.req.method === 'HEAD') return c.body(null);
      return sendParts(c, readPatch(desk, run.number, attempt.number), onFault);
    })
    .get('/runs/:id/log', async (c) => {
      const run = getRun(c);
      const { attempt: wanted, follow, tail, download } = readQuery(c, logQuery);
      throwIfDeleted(run);
      const shown = wanted === undefined ? run.attempts.at(-1) : getAttempt(run, wanted);
      const size = await measure(run, shown?.number);
      const offset = tail === undefined ? 0 : Math.max(0, size - tail);
      sendText(c, download && shown !== undefined ? `${run.id}-attempt-${shown.number}.log` : undefined);
      // How many bytes were left out at the beginning, so that a reader can say so.
      c.header('X-Log-Offset', String(offset));
      // Hono answers HEAD with the headers of GET and never reads the body.
      if (c.req.method === 'HEAD') return c.body(null);
      const parts = readRunLog(desk, {
        person: c.get('person'),
        run: run.number,
        // The one that was measured: the next may have begun since.
        attempt: shown?.number,
        isAlone: wanted !== undefined,
        offset,
        follow,
        followMs,
        isLetIn: c.get('isLetIn'),
        signal: AbortSignal.any([signal, c.req.raw.signal]),
      });
      return sendParts(c, parts, onFault);
    });

  async function measure(run: RunDetailJson, attempt: number | undefined): Promise<number> {
    return attempt === undefined ? 0 : desk.fileSize({ run: run.number, attempt, file: 'transcript' });
  }
}

function getAttempt(run: RunDetailJson, number: number): RunDetailJson['attempts'][number] {
  const found = run.attempts.find((attempt) => attempt.number === number);
  if (found !== undefined) return found;
  throw new HttpProblem(404, `${run.id} has no attempt ${number}. It has ${run.attempts.length} so far.`);
}

function throwIfDeleted({ id, deleted }: RunDetailJson): void {
  const logs = deleted.find(({ what }) => what === 'logs');
  if (logs !== undefined) throw new HttpProblem(404, `${id}: ${logs.text}.`);
}

/** Plain text whatever it holds; saved as `name` where one is given. */
function sendText(c: Context, name: string | undefined): void {
  c.header('Content-Type', 'text/plain; charset=utf-8');
  c.header('Content-Security-Policy', "default-src 'none'; sandbox");
  if (name !== undefined) c.header('Content-Disposition', `attachment; filename="${name}"`);
}
