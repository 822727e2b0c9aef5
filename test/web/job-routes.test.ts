import { expect, test } from 'vitest';
import * as z from 'zod';

import { testProject } from '../support/desk-fixture.ts';
import { startDeskWeb } from '../support/desk-web.ts';
import { fakeCheck } from '../support/fake-runner.ts';

const jobsAnswer = z.object({ jobs: z.array(z.object({ name: z.string() })), hasMore: z.boolean() });
const runsAnswer = z.object({ runs: z.array(z.object({ id: z.string() })), hasMore: z.boolean() });
const historyAnswer = z.object({
  entries: z.array(
    z.object({
      kind: z.string(),
      run: z.object({ id: z.string() }).optional(),
      dueAt: z.string().optional(),
      reason: z.string().nullish(),
    }),
  ),
  next: z.string().nullable(),
});
const errorAnswer = z.object({ error: z.object({ message: z.string() }) });

async function start(options: Parameters<typeof startDeskWeb>[0] = {}) {
  const started = await startDeskWeb(options);
  const get = async <T>(path: string, schema: z.ZodType<T>, name = 'ada'): Promise<T> => {
    const authorization = `Bearer ${started.tokens.tokenFor(name)}`;
    return schema.parse(await (await fetch(`${started.url}/api/${path}`, { headers: { authorization } })).json());
  };
  return { ...started, get };
}

const names = async (asked: Promise<z.infer<typeof jobsAnswer>>) => (await asked).jobs.map(({ name }) => name);

test('jobs come a page at a time, by name, and are found by words in any order and case', async () => {
  const { desk, get } = await start();
  for (const name of ['delta', 'alpha', 'charlie', 'bravo'])
    await desk.say(`schedule tidy 100% of it_all --name ${name}`);
  const page = await get('jobs?limit=3', jobsAnswer);
  expect(page).toMatchObject({ jobs: [{ name: 'alpha' }, { name: 'bravo' }, { name: 'charlie' }], hasMore: true });
  expect(await get('jobs?limit=3&after=charlie', jobsAnswer)).toMatchObject({
    jobs: [{ name: 'delta' }],
    hasMore: false,
  });
  expect(await names(get('jobs?filter=TIDY+brav', jobsAnswer))).toEqual(['bravo']);
  expect(await names(get('jobs?filter=100%25', jobsAnswer))).toHaveLength(4);
  expect(await names(get('jobs?filter=1%250', jobsAnswer))).toEqual([]);
  expect(await names(get('jobs?filter=itxall', jobsAnswer))).toEqual([]);
});

test('what a person may not view is not there, and takes no place on their pages', async () => {
  const none = { viewers: [], members: [], maintainers: [] };
  const { desk, runner, get } = await start({
    projects: [testProject(), testProject({ name: 'vault' })],
    settings: { access: { admins: ['web:ada'], projects: { api: { ...none, viewers: ['web:grace'] } } } },
  });
  for (const number of [1, 2, 3, 4, 5, 6]) {
    const project = number % 2 === 0 ? 'api' : 'vault';
    await desk.say(`schedule work --name job-${number} --project ${project} --when "every hour"`);
    await desk.say(`run job-${number}`);
    runner.report();
  }
  expect(await get('jobs?limit=2', jobsAnswer, 'grace')).toMatchObject({
    jobs: [{ name: 'job-2' }, { name: 'job-4' }],
    hasMore: true,
  });
  expect(await get('runs?limit=2', runsAnswer, 'grace')).toMatchObject({
    runs: [{ id: 'r6' }, { id: 'r4' }],
    hasMore: true,
  });
  expect(await get('runs?limit=2&before=r4', runsAnswer, 'grace')).toMatchObject({
    runs: [{ id: 'r2' }],
    hasMore: false,
  });
  for (const path of ['jobs/job-1', 'jobs/job-1/history', 'runs/r1', 'runs/r1/log', 'runs/r1/patch']) {
    expect([path, (await get(path, errorAnswer, 'grace')).error.message]).toEqual([
      path,
      expect.stringMatching(/^There is no (job job-1|run r1) that you may view\./),
    ]);
  }
});

test('what may be done to a run is offered to who may do it, and once', async () => {
  const { desk, runner, get } = await start();
  const actions = async (run: string) =>
    (await get(`runs/${run}`, z.object({ run: z.object({ actions: z.array(z.string()) }) }))).run.actions;
  await desk.say('schedule work --name work');
  await desk.say('run work');
  expect(await actions('r1')).toEqual(['cancel']);
  runner.report();
  expect(await actions('r1')).toEqual(['retry', 'retry-with-note']);
  await desk.say('retry r1');
  expect(await actions('r1')).toEqual([]);
  expect(await actions('r2')).toEqual(['cancel']);
});

test('a viewer is offered nothing', async () => {
  const none = { viewers: [], members: [], maintainers: [] };
  const { desk, get } = await start({
    settings: { access: { admins: ['web:ada'], projects: { api: { ...none, viewers: ['web:grace'] } } } },
  });
  await desk.say('schedule work --name work');
  await desk.say('run work');
  const answer = z.object({ run: z.object({ id: z.string(), actions: z.array(z.string()) }) });
  expect(await get('runs/r1', answer, 'grace')).toEqual({ run: { id: 'r1', actions: [] } });
});

test('a history has each run and each time that was skipped once, newest first, whatever the size of its pages', async () => {
  const { desk, runner, get } = await start();
  await desk.say('schedule work --name work --when "every hour"');
  for (let hour = 0; hour < 12; hour += 1) {
    desk.clock.advance(3_600_000);
    if (hour % 3 === 2) runner.report();
  }
  const read = async (limit: number) => {
    const found: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const query: string = next === '' ? '' : `&before=${next}`;
      const page: z.infer<typeof historyAnswer> = await get(`jobs/work/history?limit=${limit}${query}`, historyAnswer);
      found.push(...page.entries.map((entry) => entry.run?.id ?? `${entry.kind} ${entry.dueAt} ${entry.reason}`));
      next = page.next;
    }
    return found;
  };
  const whole = await read(100);
  expect(whole.filter((entry) => entry.startsWith('r'))).toEqual(['r4', 'r3', 'r2', 'r1']);
  expect(whole.filter((entry) => entry.startsWith('skipped'))).toHaveLength(8);
  expect(whole.slice(-2)).toEqual([expect.stringContaining('skipped 2026-11-23T10:00:00.000Z r1'), 'r1']);
  for (const limit of [1, 2, 3, 5]) expect(await read(limit)).toEqual(whole);
});

test.each(['before=x', 'before=1', 'limit=0', 'limit=201', 'after=x'])(
  'a history with %s is refused',
  async (query) => {
    const { desk, ask } = await start();
    await desk.say('schedule work --name work');
    expect((await ask('GET', `/api/jobs/work/history?${query}`)).status).toBe(400);
  },
);

test('a deleted job is not there any more; its runs are, and say so', async () => {
  const { desk, runner, ask, get } = await start();
  await desk.say('schedule work --name work');
  await desk.say('run work');
  runner.report();
  await desk.say('delete work');
  expect((await ask('GET', '/api/jobs/work')).status).toBe(404);
  expect((await ask('GET', '/api/jobs/work~1')).status).toBe(404);
  const answer = z.object({ run: z.object({ job: z.string(), currentJob: z.null(), actions: z.array(z.string()) }) });
  expect(await get('runs/r1', answer)).toEqual({ run: { job: 'work', currentJob: null, actions: [] } });
});

test('a log is had from its end, at the beginning of a line', async () => {
  const { desk, runner, ask } = await start();
  await desk.say('schedule work --name work');
  await desk.say('run work');
  runner.files.set('r1-1 transcript', 'one ü\ntwo ü\nthree\n');
  runner.report({ transcriptPath: '/log' });
  const tail = await ask('GET', '/api/runs/r1/log?tail=10');
  expect([await tail.text(), tail.headers.get('x-log-offset')]).toEqual(['three\n', '10']);
  const whole = await ask('GET', '/api/runs/r1/log?tail=1000&download=true');
  expect([await whole.text(), whole.headers.get('x-log-offset')]).toEqual(['one ü\ntwo ü\nthree\n', '0']);
  expect(whole.headers.get('content-disposition')).toBe('attachment; filename="r1-attempt-1.log"');
  expect((await ask('GET', '/api/runs/r1/log?tail=0')).status).toBe(400);
});

test('the patch is that of the newest attempt that changed something; without one there is none', async () => {
  const { desk, runner, ask } = await start();
  await desk.say('schedule work --name work --accept "$ npm test"');
  await desk.say('run work');
  runner.files.set('r1-1 patch', 'first');
  expect((await ask('GET', '/api/runs/r1/patch')).status).toBe(404);
  runner.report({ patchPath: '/patch', checksAfter: [fakeCheck('npm test', 1)] });
  runner.report({ changes: null, checksAfter: [fakeCheck('npm test', 0)] });
  const patch = await ask('GET', '/api/runs/r1/patch');
  expect([await patch.text(), patch.headers.get('content-disposition')]).toEqual([
    'first',
    'attachment; filename="r1.patch"',
  ]);
  expect((await ask('GET', '/api/runs/r1/patch?attempt=2')).status).toBe(404);
  expect((await ask('GET', '/api/runs/r1/patch?attempt=9')).status).toBe(404);
});

test('the address of a job or run is below web.url', async () => {
  const { desk, get } = await start({ url: 'https://desk.example.org' });
  await desk.say('schedule work --name work');
  await desk.say('run work');
  const withUrl = z.object({ url: z.string() });
  expect(await get('jobs', z.object({ jobs: z.array(withUrl) }))).toEqual({
    jobs: [{ url: 'https://desk.example.org/jobs/work' }],
  });
  expect(await get('runs/r1', z.object({ run: withUrl }))).toEqual({
    run: { url: 'https://desk.example.org/runs/r1' },
  });
});

test.each([
  ['/runs/r1', '/runs/r1'],
  ['/jobs', '/jobs'],
  ['//evil.example', '/'],
  ['/runs/..//evil.example', '/'],
  ['/jobs/\\evil.example', '/'],
  ['https://evil.example/runs', '/'],
  ['/api/me', '/'],
])('who signs in on the way to %s is sent to %s', async (to, place) => {
  const { url, token } = await start();
  const query = new URLSearchParams({ token, to });
  const response = await fetch(`${url}/?${query.toString()}`, { redirect: 'manual' });
  expect([response.status, response.headers.get('location')]).toEqual([303, place]);
});
