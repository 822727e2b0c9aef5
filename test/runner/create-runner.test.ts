import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { Check } from '../../src/model/check.ts';
import { createRunFiles } from '../../src/runner/run-files.ts';
import { makeRunnerPlace, until, untilExists } from '../support/runner-place.ts';
import { bash, read, say, usageLimit, verdict } from '../support/script.ts';
import { git, giveOrigin, makeRepository, writeFiles } from '../support/temp-repository.ts';

const command = (text: string): Check => ({ kind: 'command', command: text });
const doneFile = command('cat done.txt');

test('an attempt that does its work: the check failed before, passes now, and the branch holds the change', async () => {
  const at = await makeRunnerPlace([
    [bash('echo finished > done.txt'), say('I wrote done.txt.')],
    [verdict('pass', 'done.txt:1 reads well')],
  ]);
  makeRepository(at.project, { 'a.txt': 'one\n' });
  const life = at.live();

  const report = await life.run(at.request({ checks: [doneFile, { kind: 'sentence', sentence: 'It reads well.' }] }));

  expect(life.faults).toEqual([]);
  expect(report).toMatchObject({
    failedStep: null,
    isCancelled: false,
    remarks: [],
    changes: { files: 1, insertions: 1, deletions: 0, names: ['done.txt'] },
    workspace: { kind: 'worktree', branch: 'nightdesk/tidy/r142', baseCommit: git(at.project, 'rev-parse', 'main') },
  });
  expect(report.treeProven).toBe(process.platform === 'linux');
  expect(report.checksBefore).toMatchObject([
    { verdict: 'fail', exitCode: 1, lastLine: 'cat: done.txt: No such file or directory' },
  ]);
  expect(report.checksAfter).toMatchObject([
    { verdict: 'pass', exitCode: 0, output: 'finished' },
    { verdict: 'pass', reason: 'done.txt:1 reads well', exitCode: null },
  ]);
  expect(report.claude).toMatchObject({ result: { subtype: 'success' }, toolCalls: 1, lastWords: 'I wrote done.txt.' });
  expect(git(at.project, 'log', '--format=%an <%ae> %s', 'main..nightdesk/tidy/r142')).toBe(
    'nightdesk <nightdesk@localhost> nightdesk: r142 attempt 1',
  );
  expect(git(at.project, 'status', '--porcelain')).toBe('');
  expect(readFileSync(report.patchPath!, 'utf8')).toContain('+finished');
  expect(readFileSync(report.transcriptPath!, 'utf8')).toContain('I wrote done.txt.');
  expect(life.progress.map(({ step }) => step).filter((step, at, all) => step !== all[at - 1])).toEqual([
    'workspace',
    'check-before',
    'claude',
    'check-after',
    'judge',
  ]);
});

test('everything of an attempt is for its owner alone', async () => {
  const at = await makeRunnerPlace([[bash('echo finished > done.txt'), say('Done.')]]);
  makeRepository(at.project, { 'a.txt': 'one' });
  await at.live().run(at.request({ checks: [doneFile] }));
  const runs = join(at.data, 'runs');
  const open = readdirSync(runs, { recursive: true, encoding: 'utf8' }).filter(
    // What programs put into their TMPDIR is theirs; the folder itself is 0700.
    (path) => !path.includes('/tmp/') && (statSync(join(runs, path)).mode & 0o077) !== 0,
  );
  expect(open).toEqual([]);
});

test('the second attempt works on in the same workspace and is told what failed and what was changed', async () => {
  const at = await makeRunnerPlace([
    [bash('echo half > half.txt'), say('I think that is all.')],
    [bash('echo finished > done.txt'), say('Now it is.')],
  ]);
  makeRepository(at.project, { 'a.txt': 'one' });
  const life = at.live();
  const first = await life.run(at.request({ checks: [doneFile] }));
  const [failed] = first.checksAfter;

  const second = await life.run(
    at.request({
      attempt: 2,
      checks: [doneFile],
      earlier: {
        label: 'attempt 1',
        cause: '`cat done.txt` exits 1',
        failedChecks: [{ command: 'cat done.txt', exitCode: failed!.exitCode, output: failed!.output }],
        lastWords: first.claude!.lastWords,
      },
    }),
  );

  const { prompt } = at.model.turns().at(-1)!;
  expect(prompt).toContain('cat: done.txt: No such file or directory');
  expect(prompt).toContain('I think that is all.');
  expect(prompt).toContain('half.txt | 1 +');
  expect(second.workspace).toEqual(first.workspace);
  expect(second.checksBefore).toEqual([]);
  expect(second.checksAfter).toMatchObject([{ verdict: 'pass' }]);
  expect(second.changes?.names).toEqual(['done.txt', 'half.txt']);
});

test('the set-up command runs once in a workspace, without the credentials of Claude', async () => {
  const at = await makeRunnerPlace([[say('Looked at it.')], [say('Again.')]]);
  makeRepository(at.project, { 'a.txt': 'one' });
  const log = join(at.folder, 'set-up.log');
  const project = { setup: `echo "key=$ANTHROPIC_API_KEY home=\${HOME:+set}" >> ${log}` };
  const life = at.live();
  await life.run(at.request({ project }));
  await life.run(at.request({ project, attempt: 2 }));
  expect(readFileSync(log, 'utf8')).toBe('key= home=set\n');
});

test('a set-up command that fails is the end, with its output', async () => {
  const at = await makeRunnerPlace([]);
  makeRepository(at.project, { 'a.txt': 'one' });
  const setup = 'echo installing; echo "no such package" >&2; exit 3';
  const report = await at.live().run(at.request({ project: { setup }, checks: [doneFile] }));
  expect(report.failedStep).toEqual({
    step: 'set-up',
    message: `the set-up command \`${setup}\` exits 3`,
    output: 'installing\nno such package',
  });
  expect(report).toMatchObject({ claude: null, checksBefore: [], checksAfter: [] });
  expect(at.model.requests).toEqual([]);
});

test('a project folder that is gone fails the workspace step', async () => {
  const at = await makeRunnerPlace([]);
  const life = at.live();
  const report = await life.run(at.request());
  expect(report.failedStep).toEqual({
    step: 'workspace',
    message: `the folder of project api is gone: ${at.project}`,
    output: '',
  });
  expect(report.workspace).toBeNull();
  expect(life.faults).toEqual([]);
});

test('a fetch that fails is a remark, and the work goes on', async () => {
  const at = await makeRunnerPlace([[bash('echo finished > done.txt'), say('Done.')]]);
  makeRepository(at.project, { 'a.txt': 'one' });
  const origin = giveOrigin(at.project, join(at.folder, 'origin.git'));
  renameSync(origin, `${origin}-moved`);
  const report = await at.live().run(at.request({ checks: [doneFile] }));
  expect(report.remarks).toEqual([
    expect.stringMatching(/^could not fetch origin, so the run started from what was there: /),
  ]);
  expect(report.checksAfter).toMatchObject([{ verdict: 'pass' }]);
});

test('a CLI that is missing is told as could-not-start, and no check is run after it', async () => {
  const at = await makeRunnerPlace([]);
  makeRepository(at.project, { 'a.txt': 'one' });
  const life = at.live({
    claude: {
      command: ['claude-that-is-missing'],
      env: { PATH: process.env['PATH'] ?? '' },
      permissionMode: 'acceptEdits',
      allowedTools: [],
    },
  });
  const report = await life.run(at.request({ checks: [doneFile] }));
  expect(report.claude?.outcome).toMatchObject({
    end: 'could-not-start',
    error: expect.stringContaining('claude-that-is-missing'),
  });
  expect(report.checksAfter).toEqual([]);
  expect(report.changes).toMatchObject({ files: 0 });
});

test('a cancelled Claude is ended, and its work so far is on the branch', async () => {
  const at = await makeRunnerPlace([[bash('echo half > half.txt; touch started; sleep 60')]]);
  makeRepository(at.project, { 'a.txt': 'one' });
  const life = at.live();
  life.runner.start(at.request({ checks: [command('true')] }));
  await untilExists(join(at.data, 'worktrees/r142/started'));

  life.runner.cancel('r142-1');
  const report = await life.reported('r142-1');

  expect(report).toMatchObject({ isCancelled: true, claude: { outcome: { end: 'cancelled' } }, checksAfter: [] });
  expect(git(at.project, 'show', 'nightdesk/tidy/r142:half.txt')).toBe('half');
});

test('a cancel between two commands starts no further one', async () => {
  const at = await makeRunnerPlace([]);
  makeRepository(at.project, { 'a.txt': 'one' });
  const life = at.live();
  life.runner.start(at.request({ checks: [command('touch ran')] }));
  life.runner.cancel('r142-1');
  const report = await life.reported('r142-1');
  expect(report).toMatchObject({ isCancelled: true, claude: null, checksBefore: [], failedStep: null });
  expect(at.model.requests).toEqual([]);
});

test('a cancelled check is no verdict', async () => {
  const at = await makeRunnerPlace([]);
  makeRepository(at.project, { 'a.txt': 'one' });
  const life = at.live();
  life.runner.start(at.request({ checks: [command('touch started; sleep 60'), command('true')] }));
  await untilExists(join(at.data, 'worktrees/r142/started'));
  life.runner.cancel('r142-1');
  const report = await life.reported('r142-1');
  expect(report).toMatchObject({
    isCancelled: true,
    claude: null,
    checksBefore: [{ verdict: 'undecided', reason: 'was cancelled' }],
  });
});

test('a cancel holds over a restart, and reaches the Claude that went on', async () => {
  const at = await makeRunnerPlace([[bash('touch started; sleep 60')]]);
  makeRepository(at.project, { 'a.txt': 'one' });
  const request = at.request();
  const before = at.live();
  before.runner.start(request);
  await untilExists(join(at.data, 'worktrees/r142/started'));
  await before.runner.stop();
  // What a bot leaves that was killed right after it had recorded the cancel.
  writeFileSync(join(at.data, 'runs/r142/1/cancelled.json'), '{"v":1,"atMs":0}');

  const report = await at.live().run(request);

  expect(report).toMatchObject({ isCancelled: true, claude: { outcome: { end: 'cancelled' } } });
  expect(before.reports).toEqual([]);
});

test('Claude at its time limit is ended; the checks are run all the same', async () => {
  const at = await makeRunnerPlace([]);
  makeRepository(at.project, { 'a.txt': 'one' });
  // Quicker than the real one, which a busy host has not begun yet when the limit comes.
  const work = 'echo finished > done.txt; sleep 60';
  const call = { type: 'tool_use', id: 't1', name: 'Bash', input: { command: work, timeout: 120_000 } };
  const said = { type: 'assistant', parent_tool_use_id: null, message: { id: 'm1', content: [call] } };
  const standIn = ['bash', '-c', `echo '${JSON.stringify(said)}'; ${work.replace('sleep', 'exec sleep')}`];
  const env = { PATH: process.env['PATH'] ?? '' };
  const life = at.live({ claude: { command: standIn, env, permissionMode: 'acceptEdits', allowedTools: [] } });
  const report = await life.run(at.request({ timeoutMs: 2_000, checks: [doneFile] }));
  expect(report.claude).toMatchObject({
    outcome: { end: 'timed-out' },
    openTool: { summary: 'echo finished > done.txt; sleep 60' },
  });
  expect(report.checksAfter).toMatchObject([{ verdict: 'pass' }]);
});

test('a check has a time limit of its own', async () => {
  const at = await makeRunnerPlace([[say('Looked at it.')]]);
  makeRepository(at.project, { 'a.txt': 'one' });
  const life = at.live({ limits: { checkTimeoutMs: 1_000, terminateGraceMs: 200, interruptGraceMs: 200 } });
  // A later attempt runs no check before it: waiting once is enough.
  const report = await life.run(at.request({ attempt: 2, checks: [command('echo waiting; sleep 60')] }));
  expect(report.checksAfter).toMatchObject([
    { verdict: 'fail', exitCode: null, reason: 'ran out of time at 1 s', output: 'waiting' },
  ]);
});

test('a check that is killed from outside with what watches over it is run once more', async () => {
  const at = await makeRunnerPlace([[say('Looked at it.')]]);
  makeRepository(at.project, { 'a.txt': 'one' });
  const begun = join(at.folder, 'begun');
  const check = command(`[ -e ${begun} ] && exit 0; touch ${begun}; sleep 60`);
  const life = at.live();
  life.runner.start(at.request({ attempt: 2, checks: [check] }));
  await untilExists(begun);
  const { pid } = JSON.parse(readFileSync(join(at.data, 'runs/r142/2/check-1/supervisor.json'), 'utf8')) as {
    pid: number;
  };
  process.kill(pid, 'SIGKILL');
  const report = await life.reported('r142-2');
  expect(report.checksAfter).toMatchObject([{ verdict: 'pass', exitCode: 0, reason: undefined }]);
  expect(life.faults).toEqual([]);
});

test('a part of a pipe that fails makes the check fail', async () => {
  const at = await makeRunnerPlace([[say('Looked at it.')]]);
  makeRepository(at.project, { 'a.txt': 'one' });
  const report = await at.live().run(at.request({ checks: [command('false | cat')] }));
  expect(report.checksAfter).toMatchObject([{ verdict: 'fail', exitCode: 1 }]);
});

test('an API error that calls itself a success is reported as the error it is', async () => {
  const at = await makeRunnerPlace([[usageLimit(new Date('2026-11-23T05:00:00Z'))]]);
  makeRepository(at.project, { 'a.txt': 'one' });
  const report = await at.live().run(at.request({ checks: [doneFile] }));
  expect(report.claude?.result).toMatchObject({ subtype: 'success', isError: true });
  expect(report.checksAfter).toEqual([]);
});

test('a sentence each is judged by itself, in the order of the checks', async () => {
  const at = await makeRunnerPlace([
    [bash('echo finished > done.txt'), say('Done.')],
    { when: /\nIt is short/, turns: [verdict('pass', 'one word')] },
    { when: /\nIt is long/, turns: [verdict('fail', 'one word', ['done.txt:1 finished', 'a.txt:1 one'])] },
  ]);
  makeRepository(at.project, { 'a.txt': 'one\n' });
  const sentences = ['It is short', 'It is long'].map((sentence) => ({ kind: 'sentence' as const, sentence }));
  const report = await at.live().run(at.request({ checks: [...sentences, doneFile] }));
  expect(report.checksAfter).toMatchObject([
    { verdict: 'pass', reason: 'one word', output: '' },
    { verdict: 'fail', reason: 'one word', output: 'done.txt:1 finished\na.txt:1 one' },
    { check: doneFile, verdict: 'pass' },
  ]);
  expect(report.judge).toMatchObject({ calls: 2 });
});

test('in place, the judge is given what differs from before the run', async () => {
  const at = await makeRunnerPlace([[bash('echo finished > done.txt'), say('Done.')], [verdict('pass', 'done.txt:1')]]);
  makeRepository(at.project, { 'a.txt': 'one\n' });
  writeFiles(at.project, { 'mine.txt': 'not of the run\n' });
  const checks: Check[] = [{ kind: 'sentence', sentence: 'It is done' }];
  const report = await at.live().run(at.request({ project: { workspace: 'in-place' }, checks }));
  expect(report.checksAfter).toMatchObject([{ verdict: 'pass' }]);
  expect(at.model.turns().at(-1)?.prompt).toContain('+finished');
  expect(at.model.turns().at(-1)?.prompt).not.toContain('not of the run');
});

test('a judge reads the whole of a long patch, in which nothing is unmasked', async () => {
  const at = await makeRunnerPlace([
    [bash('seq 5000 > long.txt; echo tok-8f3a-91c2 > leak.txt'), say('The token is tok-8f3a-91c2.')],
    [
      (request) => read(/`(\/\S+changes\.patch)`/.exec(request.prompt)?.[1] ?? ''),
      verdict('fail', 'leak.txt:1 has tok-8f3a-91c2', ['leak.txt:1 tok-8f3a-91c2']),
    ],
  ]);
  makeRepository(at.project, { 'a.txt': 'one\n' });
  writeFiles(at.project, { '.env': 'API_TOKEN=tok-8f3a-91c2\n' });
  const checks: Check[] = [{ kind: 'sentence', sentence: 'No secret is in it' }];
  const report = await at.live().run(at.request({ checks }));
  const [asked, looked] = at.model.turns().slice(-2);
  expect(asked?.prompt).toMatch(/… 4,\d+ lines left out …/);
  expect(asked?.prompt).not.toContain('+2500\n');
  expect(looked?.latest).toContain('+1500\n');
  for (const text of [asked?.prompt, looked?.latest, JSON.stringify(report)]) expect(text).not.toContain('tok-8f3a');
  expect(report.checksAfter).toMatchObject([
    { verdict: 'fail', reason: 'leak.txt:1 has [masked: API_TOKEN]', output: 'leak.txt:1 [masked: API_TOKEN]' },
  ]);
});

test('a walk that is done again asks no judge twice', async () => {
  const at = await makeRunnerPlace([
    [say('Looked at it.')],
    [verdict('undecided', 'no idea')],
    [verdict('pass', 'a.txt:1')],
  ]);
  makeRepository(at.project, { 'a.txt': 'one\n' });
  const request = at.request({ checks: [{ kind: 'sentence', sentence: 'It is fine' }], budgetUsd: 5 });
  const report = await at.live().run(request);
  expect(report.checksAfter).toMatchObject([{ verdict: 'pass' }]);
  rmSync(join(at.data, 'runs/r142/1/report.json'));
  const again = await at.live().run(request);
  expect({ ...again, endedAtMs: 0 }).toEqual({ ...report, endedAtMs: 0 });
  expect(at.model.turns()).toHaveLength(3);
});

test('a copied .env is there, is masked everywhere, and is in no commit', async () => {
  const at = await makeRunnerPlace([
    [
      bash('cat .env > leak.txt; cat .env; echo $ANTHROPIC_API_KEY; git add -A; git commit -qm work'),
      say('The token is tok-8f3a-91c2.'),
    ],
  ]);
  makeRepository(at.project, { 'a.txt': 'one' });
  writeFiles(at.project, { '.env': 'API_TOKEN=tok-8f3a-91c2\n' });
  const report = await at
    .live()
    .run(at.request({ project: { copy: ['.env'] }, checks: [command('cat .env; exit 1')] }));

  expect(git(at.project, 'ls-tree', '-r', '--name-only', 'nightdesk/tidy/r142')).toBe('a.txt\nleak.txt');
  expect(report.checksAfter[0]?.output).toBe('API_TOKEN=[masked: API_TOKEN]');
  expect(report.claude?.lastWords).toBe('The token is [masked: API_TOKEN].');
  expect(report.remarks).toEqual([]);
  for (const text of [
    JSON.stringify(report),
    readFileSync(report.transcriptPath!, 'utf8'),
    readFileSync(report.patchPath!, 'utf8'),
  ]) {
    expect(text).not.toContain('tok-8f3a');
    expect(text).not.toContain('sk-dummy');
  }
});

test('a copied file that Claude forces into a commit is told', async () => {
  const at = await makeRunnerPlace([[bash('git add --force .env; git commit -qm work'), say('Done.')]]);
  makeRepository(at.project, { 'a.txt': 'one' });
  writeFiles(at.project, { '.env': 'API_TOKEN=tok-8f3a-91c2\n' });
  const report = await at.live().run(at.request({ project: { copy: ['.env'] } }));
  expect(report.remarks).toEqual(['`.env` was committed, and must not be pushed']);
});

test('a repository that Claude made in the worktree is told, since the branch has nothing of it', async () => {
  const make = 'git init -q site && cd site && echo hello > index.html && git add . && git commit -qm first';
  const at = await makeRunnerPlace([[bash(make), say('The site is in site.')]]);
  makeRepository(at.project, { 'a.txt': 'one' });
  const report = await at.live().run(at.request());
  expect(report.remarks).toEqual(['`site` is a git repository of its own: what was done in it is not on the branch']);
  const files = createRunFiles({ dataDirectory: at.data, env: () => ({ PATH: process.env['PATH'] ?? '' }) });
  const worktree = { run: 142, projectPath: at.project };
  expect(await files.discardWorktree({ ...worktree, evenUnsaved: false })).toBe('kept');
  expect(await files.discardWorktree({ ...worktree, evenUnsaved: true })).toBe('deleted');
});

test('in place, Claude works in the folder itself and nothing is committed', async () => {
  const at = await makeRunnerPlace([[bash('echo finished > done.txt; echo two >> a.txt'), say('Done.')]]);
  makeRepository(at.project, { 'a.txt': 'one\n' });
  writeFiles(at.project, { 'a.txt': 'one\nmine\n', 'draft.txt': 'mine' });
  const head = git(at.project, 'rev-parse', 'HEAD');
  const report = await at.live().run(at.request({ project: { workspace: 'in-place' }, checks: [doneFile] }));
  expect(report.workspace).toEqual({ kind: 'in-place', path: at.project, branch: null, baseCommit: head });
  expect(report.changes).toEqual({ files: 2, insertions: 2, deletions: 0, names: ['a.txt', 'done.txt'] });
  expect(git(at.project, 'rev-parse', 'HEAD')).toBe(head);
  expect(git(at.project, 'branch', '--format=%(refname:short)')).toBe('main');
});

test('a runner that stops while Claude works leaves it going; the next one goes on and tells the same', async () => {
  const at = await makeRunnerPlace([
    [bash('touch started; until [ -f go ]; do sleep 0.05; done; echo finished > done.txt'), say('All done.')],
  ]);
  makeRepository(at.project, { 'a.txt': 'one' });
  const request = at.request({ checks: [doneFile] });
  const worktree = join(at.data, 'worktrees/r142');
  const before = at.live();
  before.runner.start(request);
  await untilExists(join(worktree, 'started'));
  await until(() => before.progress.at(-1)?.toolCalls === 1);
  await before.runner.stop();
  const soFar = readFileSync(join(at.data, 'runs/r142/1/attempt-1.log'));
  expect(soFar.toString()).toContain('touch started');

  const after = at.live();
  after.runner.start(request);
  writeFileSync(join(worktree, 'go'), '');
  const report = await after.reported('r142-1');

  expect(before.reports).toEqual([]);
  expect(at.model.turns()).toHaveLength(2);
  expect(report).toMatchObject({
    claude: { outcome: { end: 'exited' }, toolCalls: 1, lastWords: 'All done.' },
    checksAfter: [{ verdict: 'pass' }],
  });
  const transcript = readFileSync(report.transcriptPath!);
  expect(transcript.subarray(0, soFar.length).equals(soFar)).toBe(true);
  expect(transcript.toString().match(/touch started/g)).toHaveLength(1);
  expect(transcript.toString()).toContain('All done.');
});

test('an attempt that has ended is reported by every later runner, once each', async () => {
  const at = await makeRunnerPlace([[bash('echo finished > done.txt'), say('Done.')]]);
  makeRepository(at.project, { 'a.txt': 'one' });
  const request = at.request({ checks: [doneFile] });
  const first = at.live();
  const report = await first.run(request);
  first.runner.start(request);
  await first.runner.stop();

  const second = at.live();
  second.runner.start(request);
  second.runner.start(request);
  expect(await second.reported('r142-1')).toEqual(JSON.parse(JSON.stringify(report)));
  await second.runner.stop();
  expect(first.reports).toHaveLength(1);
  expect(second.reports).toHaveLength(1);
  expect(at.model.turns()).toHaveLength(2);
});

test('a walk that is done again tells the same report and the same transcript', async () => {
  const at = await makeRunnerPlace([[bash('echo finished > done.txt; sleep 30 & disown'), say('Done.')]]);
  makeRepository(at.project, { 'a.txt': 'one' });
  const request = at.request({ checks: [doneFile], project: { setup: 'true' } });
  const report = await at.live().run(request);
  const transcript = readFileSync(report.transcriptPath!, 'utf8');
  rmSync(join(at.data, 'runs/r142/1/report.json'));

  const again = await at.live().run(request);

  expect({ ...again, endedAtMs: 0 }).toEqual({ ...report, endedAtMs: 0 });
  expect(readFileSync(report.transcriptPath!, 'utf8')).toBe(transcript);
  expect(report.remarks.join()).toMatch(/^1 process was left running after Claude and was ended: /);
});

test('a fetch that hangs is given up, and a cancel ends it at once', async () => {
  const at = await makeRunnerPlace([[say('Looked at it.')]]);
  makeRepository(at.project, { 'a.txt': 'one' });
  const asked = join(at.folder, 'asked');
  writeFileSync(join(at.folder, 'ssh'), `#!/bin/sh\ntouch ${asked}\nsleep 60\n`, { mode: 0o755 });
  git(at.project, 'config', 'core.sshCommand', join(at.folder, 'ssh'));
  git(at.project, 'remote', 'add', 'origin', 'ssh://git.example.org/api.git');

  const report = await at.live({ limits: { fetchTimeoutMs: 300 } }).run(at.request());
  expect(report.remarks).toEqual([
    'could not fetch origin, so the run started from what was there: gave up after 0.3 s',
  ]);

  // It may have been given up before it got so far.
  rmSync(asked, { force: true });
  const life = at.live();
  life.runner.start(at.request({ run: 143 }));
  await untilExists(asked);
  life.runner.cancel('r143-1');
  expect(await life.reported('r143-1')).toMatchObject({ isCancelled: true, workspace: null, failedStep: null });
});

test('a check that prints 200 MB costs no memory', async () => {
  const at = await makeRunnerPlace([[say('Looked at it.')]]);
  makeRepository(at.project, { 'a.txt': 'one' });
  const before = process.memoryUsage().rss;
  const flood = command(
    'echo the beginning; (yes "a line of output" || true) | head -c 200000000; echo; echo the end; exit 1',
  );
  const report = await at.live().run(at.request({ checks: [flood] }));
  const [result] = report.checksAfter;
  expect(result).toMatchObject({ verdict: 'fail', lastLine: 'the end' });
  expect(result!.output).toMatch(/^the beginning\na line of output\n/);
  expect(result!.output).toContain('\n… about 190 MB left out …\n');
  expect(result!.output.length).toBeLessThan(10_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(60 * 1024 * 1024);
});

test('where the name of the branch was taken, Claude is told the one that it works on', async () => {
  const at = await makeRunnerPlace([[say('Looked at it.')]]);
  makeRepository(at.project, { 'a.txt': 'one' });
  git(at.project, 'branch', 'nightdesk/tidy/r142');
  const report = await at.live().run(at.request());
  expect(report.workspace?.branch).toBe('nightdesk/tidy/r142-2');
  expect(at.model.turns()[0]?.prompt).toContain('`nightdesk/tidy/r142-2`');
});

test('two runs in one repository at once keep out of each other', async () => {
  const at = await makeRunnerPlace([
    { when: /the first/, turns: [bash('echo first > one.txt'), say('First.')] },
    { when: /the second/, turns: [bash('echo second > two.txt'), say('Second.')] },
  ]);
  makeRepository(at.project, { 'a.txt': 'one' });
  const life = at.live();
  const [first, second] = await Promise.all([
    life.run(at.request({ run: 142, goal: 'Write the first file.' })),
    life.run(at.request({ run: 143, goal: 'Write the second file.' })),
  ]);
  expect(first.changes?.names).toEqual(['one.txt']);
  expect(second.changes?.names).toEqual(['two.txt']);
});

test('what an attempt did to the settings of Claude gives the next one no rights', async () => {
  // In so many words Claude Code itself denies it.
  const program = `const fs = require('fs'); fs.mkdirSync('.claude'); fs.writeFileSync('.claude/' + 'settings.json', '{}');`;
  const at = await makeRunnerPlace([[bash(`node -e "${program}"`), say('Done.')], [say('Again.')]]);
  makeRepository(at.project, { 'a.txt': 'one' });
  const life = at.live();
  await life.run(at.request());
  const second = await life.run(at.request({ attempt: 2 }));
  expect(second.remarks).toEqual([
    'an earlier attempt changed `.claude/settings.json`, so Claude started without the settings of the workspace',
  ]);
  const { argv } = JSON.parse(readFileSync(join(at.data, 'runs/r142/2/claude/request.json'), 'utf8')) as {
    argv: string[];
  };
  expect(argv).toEqual(expect.arrayContaining(['--setting-sources=user', '--strict-mcp-config']));
});

test('settings above a project that is a part of its repository are compared as well', async () => {
  const program = `const fs = require('fs'); fs.writeFileSync('../' + '.mcp' + '.json', '[]'); fs.mkdirSync('.mcp' + '.json');`;
  const at = await makeRunnerPlace([[bash(`node -e "${program}"`), say('Done.')], [say('Again.')]]);
  makeRepository(at.project, { 'api/a.txt': 'one', '.mcp.json': '{}' });
  const project = { path: join(at.project, 'api') };
  const life = at.live();
  const first = await life.run(at.request({ project }));
  expect([first.remarks, first.changes?.names]).toEqual([[], ['.mcp.json']]);
  const second = await life.run(at.request({ project, attempt: 2 }));
  expect(second.remarks).toEqual([
    'an earlier attempt changed `.mcp.json`, `api/.mcp.json`, so Claude started without the settings of the workspace',
  ]);
});

test('an agent that a run left gives neither its next attempt nor its retry rights; skills that were there are no news', async () => {
  const program = `const fs = require('fs'); fs.mkdirSync('.claude/' + 'agents'); fs.writeFileSync('.claude/' + 'agents/x.md', 'hooks');`;
  const at = await makeRunnerPlace([[bash(`node -e "${program}"`), say('Done.')], [say('Again.')], [say('Retried.')]]);
  makeRepository(at.project, { 'a.txt': 'one', '.claude/skills/x/SKILL.md': 'x', '.claude/commands/y.md': 'y' });
  const life = at.live();
  const first = await life.run(at.request());
  expect(first.remarks).toEqual([]);
  const second = await life.run(at.request({ attempt: 2 }));
  const retry = await life.run(at.request({ run: 143, startFrom: first.workspace!.branch! }));
  const remark = 'an earlier attempt changed `.claude/agents`, so Claude started without the settings of the workspace';
  expect([second.remarks, retry.remarks]).toEqual([[remark], [remark]]);
});

test('an agent that is reached by a link is compared too, and links in a circle hold nobody up', async () => {
  // Written so that Claude Code itself does not see what is made.
  const circle = `const fs = require('fs'); const at = '.claude/' + 'skills'; fs.mkdirSync(at); for (const name of ['one', 'two']) fs.symlinkSync('.', at + '/' + name);`;
  const at = await makeRunnerPlace([
    [bash('echo more >> tools/agents/helper.md'), say('One.')],
    [bash(`node -e "${circle}"`), say('Two.')],
    [say('Three.')],
  ]);
  makeRepository(at.project, { 'tools/agents/helper.md': 'one\n', '.claude/CLAUDE.md': 'Be brief.\n' });
  symlinkSync('../tools/agents', join(at.project, '.claude/agents'));
  git(at.project, 'add', '--all');
  git(at.project, 'commit', '--quiet', '--message=A link');
  const life = at.live();
  const remarks: string[][] = [];
  for (const attempt of [1, 2, 3]) remarks.push((await life.run(at.request({ attempt }))).remarks);
  const remark = 'an earlier attempt changed `.claude/agents`, so Claude started without the settings of the workspace';
  expect(remarks).toEqual([[], [remark], [remark]]);
  expect(readdirSync(join(at.data, 'worktrees/r142/.claude/skills'))).toEqual(['one', 'two']);
});

test('a fault becomes a report, and what ran is ended', async () => {
  const at = await makeRunnerPlace([[bash('touch started; sleep 60')]]);
  makeRepository(at.project, { 'a.txt': 'one' });
  const life = at.live();
  life.runner.start(at.request());
  // The follower can't write down when it read what.
  await untilExists(join(at.data, 'runs/r142/1'));
  mkdirSync(join(at.data, 'runs/r142/1/stream-times.json'));
  const report = await life.reported('r142-1');
  expect(report.failedStep).toMatchObject({
    step: 'workspace',
    message: expect.stringMatching(/^nightdesk itself failed: EISDIR/),
  });
  expect(report.treeProven).toBe(process.platform === 'linux');
  expect(life.faults).toHaveLength(1);
});

test('a fault in watching what runs becomes a report, and what ran is ended', async () => {
  const at = await makeRunnerPlace([[bash('touch started; sleep 60')]]);
  makeRepository(at.project, { 'a.txt': 'one' });
  const life = at.live();
  life.runner.start(at.request());
  await untilExists(join(at.data, 'worktrees/r142/started'));
  const folder = join(at.data, 'runs/r142/1/claude');
  renameSync(join(folder, 'supervisor.json'), join(folder, 'aside.json'));
  mkdirSync(join(folder, 'supervisor.json'));
  const report = await life.reported('r142-1');
  expect(report).toMatchObject({
    failedStep: { message: expect.stringMatching(/^nightdesk itself failed: EISDIR/) },
    treeProven: false,
  });
  await untilExists(join(folder, 'outcome.json'));
  expect(JSON.parse(readFileSync(join(folder, 'outcome.json'), 'utf8'))).toMatchObject({ end: 'cancelled' });
});

test('a live transcript is read by offset, in whole characters', async () => {
  const at = await makeRunnerPlace([[say('Schön – fertig ✅'), bash('true')]]);
  makeRepository(at.project, { 'a.txt': 'one' });
  const life = at.live();
  const report = await life.run(at.request());
  const pieces: string[] = [];
  for (let offset = 0; ;) {
    const piece = await life.runner.read('r142-1', 'transcript', offset, 7);
    if (piece.length === 0) break;
    offset += piece.length;
    pieces.push(piece.toString());
  }
  expect(pieces.join('')).toBe(readFileSync(report.transcriptPath!, 'utf8'));
  expect(pieces.join('')).not.toContain('\uFFFD');
  expect((await life.runner.read('../../etc', 'transcript', 0, 10)).length).toBe(0);
  expect((await life.runner.read('r999-1', 'patch', 0, 10)).length).toBe(0);
});
