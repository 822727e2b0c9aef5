import { Hono } from 'hono';
import * as z from 'zod';

import { finalStatuses, liveStatuses } from '../model/run.ts';
import type { AppEnv } from './app-env.ts';
import type { RunDetailJson } from './desk-json.ts';
import { HttpProblem } from './http-problem.ts';
import { readQuery } from './read-body.ts';
import { readRunLog } from './run-log.ts';
import type { WebDesk } from './web-desk.ts';

const runsQuery = z.strictObject({
  job: z.string().min(1).optional(),
  status: z.enum([...liveStatuses, ...finalStatuses]).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

const logQuery = z.strictObject({
  attempt: z.coerce.number().int().min(1).optional(),
  follow: z.stringbool().default(false),
});

export interface RunRoutesOptions {
  desk: WebDesk;
  /** How often a followed log is looked at. */
  followMs: number;
  /** Aborted when the server stops. */
  signal: AbortSignal;
}

/** Jobs, runs and their logs. */
export function createRunRoutes({ desk, followMs, signal }: RunRoutesOptions) {
  const getRun = (person: string, id: string): RunDetailJson => {
    const number = /^r?(\d{1,15})$/i.exec(id)?.[1];
    const run = number === undefined ? undefined : desk.findRun(person, Number(number));
    if (run === undefined) throw new HttpProblem(404, `There is no run ${id} that you may view. A run is r142 or 142.`);
    return run;
  };
  return new Hono<AppEnv>()
    .get('/jobs', (c) => c.json({ jobs: desk.listJobs(c.get('person')) }))
    .get('/runs', (c) => c.json({ runs: desk.listRuns(c.get('person'), readQuery(c, runsQuery)) }))
    .get('/runs/:id', (c) => c.json({ run: getRun(c.get('person'), c.req.param('id')) }))
    .get('/runs/:id/log', (c) => {
      const person = c.get('person');
      const run = getRun(person, c.req.param('id'));
      const { attempt, follow } = readQuery(c, logQuery);
      if (attempt !== undefined && !run.attempts.some(({ number }) => number === attempt)) {
        throw new HttpProblem(404, `${run.id} has no attempt ${attempt}. It has ${run.attempts.length} so far.`);
      }
      c.header('Content-Type', 'text/plain; charset=utf-8');
      // Hono answers HEAD with the headers of GET and never reads the body.
      if (c.req.method === 'HEAD') return c.body(null);
      const parts = readRunLog(desk, {
        person,
        run: run.number,
        attempt,
        follow,
        followMs,
        signal: AbortSignal.any([signal, c.req.raw.signal]),
      });
      return c.body(ReadableStream.from(parts));
    });
}
