import { Hono } from 'hono';
import * as z from 'zod';

import type { AppEnv } from './app-env.ts';
import type { HistoryPlace, JobJson } from './desk-json.ts';
import { HttpProblem } from './http-problem.ts';
import type { PageUrl } from './page-url.ts';
import { readQuery } from './read-body.ts';
import type { WebDesk } from './web-desk.ts';

const jobsQuery = z.strictObject({
  filter: z.string().max(200).default(''),
  after: z.string().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

const historyQuery = z.strictObject({
  before: z
    .string()
    .regex(/^\d{1,16}\.\d{1,16}$/, 'must be what `next` of the answer before said')
    .transform((text): HistoryPlace => {
      const [run, dueAtMs] = text.split('.').map(Number);
      return { run: run ?? 0, dueAtMs: dueAtMs ?? 0 };
    })
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(30),
});

/** Jobs, one job, and what became of its occurrences. */
export function createJobRoutes({ desk, pageUrl }: { desk: WebDesk; pageUrl: PageUrl }) {
  const withUrl = (job: JobJson) => ({ ...job, url: pageUrl(`/jobs/${encodeURIComponent(job.name)}`) });
  const orMissing = <T>(found: T | undefined, name: string): T => {
    if (found === undefined) throw new HttpProblem(404, `There is no job ${name} that you may view.`);
    return found;
  };
  return new Hono<AppEnv>()
    .get('/jobs', (c) => {
      const { jobs, hasMore } = desk.listJobs(c.get('person'), readQuery(c, jobsQuery));
      return c.json({ jobs: jobs.map(withUrl), hasMore });
    })
    .get('/jobs/:name', (c) => {
      const name = c.req.param('name');
      return c.json({ job: withUrl(orMissing(desk.findJob(c.get('person'), name), name)) });
    })
    .get('/jobs/:name/history', (c) => {
      const name = c.req.param('name');
      return c.json(orMissing(desk.listHistory(c.get('person'), name, readQuery(c, historyQuery)), name));
    });
}
