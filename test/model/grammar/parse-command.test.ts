import { describe, expect, test } from 'vitest';

import type { Command } from '../../../src/model/command.ts';
import { parseCommand } from '../../../src/model/grammar/parse-command.ts';

const parse = (text: string): Command => parseCommand(text, { commandName: '/claude' });

/** A schedule command that needs no more than its goal and these. */
const job = (goal: string, more: object = {}) => ({ name: 'schedule', goal, accept: [], ...more });

describe('commands', () => {
  test.each<[string, Command]>([
    ['', { name: 'help' }],
    [' \n\u200b ', { name: 'help' }],
    ['help', { name: 'help' }],
    ['?', { name: 'help' }],
    ['--help', { name: 'help' }],
    ['—help', { name: 'help' }],
    ['-h', { name: 'help' }],
    ['help schedule', { name: 'help', topic: 'schedule' }],
    ['help When', { name: 'help', topic: 'when' }],
    ['help `ls`', { name: 'help', topic: 'list' }],
    ['pause --help', { name: 'help', topic: 'pause' }],
    ['schedule —help', { name: 'help', topic: 'schedule' }],
    ['list', { name: 'list' }],
    ['LIST ', { name: 'list' }],
    ['ls', { name: 'list' }],
    ['jobs', { name: 'list' }],
    ['/claude list', { name: 'list' }],
    ['projects', { name: 'projects' }],
    ['show upgrade-deps', { name: 'show', target: 'upgrade-deps' }],
    ['show upgr', { name: 'show', target: 'upgr' }],
    ['show r142', { name: 'show', target: 'r142' }],
    ['Show #142', { name: 'show', target: '#142' }],
    ['show `upgrade-deps`', { name: 'show', target: 'upgrade-deps' }],
    ['show **upgrade-deps**', { name: 'show', target: 'upgrade-deps' }],
    ['show “upgrade-deps”', { name: 'show', target: 'upgrade-deps' }],
    ['show\u00a0\u2068upgrade-deps\u2069', { name: 'show', target: 'upgrade-deps' }],
    ['pause upgrade-deps', { name: 'pause', target: 'upgrade-deps' }],
    ['pause upgrade-deps until friday 9am', { name: 'pause', target: 'upgrade-deps', until: 'friday 9am' }],
    ['pause upgrade-deps Until "next monday"', { name: 'pause', target: 'upgrade-deps', until: 'next monday' }],
    ['pause upgrade-deps for 90m', { name: 'pause', target: 'upgrade-deps', until: 'in 90 minutes' }],
    ['pause upgrade-deps for 1 hour', { name: 'pause', target: 'upgrade-deps', until: 'in 1 hour' }],
    ['pause r142 for 2 weeks', { name: 'pause', target: 'r142', until: 'in 14 days' }],
    ['pause all', { name: 'pause-all' }],
    ['pause ALL for 36h', { name: 'pause-all', until: 'in 36 hours' }],
    ['pause all until 2027-01-04T08:00', { name: 'pause-all', until: '2027-01-04T08:00' }],
    ['resume upgrade-deps', { name: 'resume', target: 'upgrade-deps' }],
    ['resume all', { name: 'resume-all' }],
    ['resume Login', { name: 'resume-login' }],
    ['run upgrade-deps', { name: 'run', target: 'upgrade-deps' }],
    ['cancel R142', { name: 'cancel', target: 'R142' }],
    ['delete upgrade-deps', { name: 'delete', target: 'upgrade-deps' }],
    ['history', { name: 'history' }],
    ['history all', { name: 'history' }],
    ['history upgrade-deps', { name: 'history', target: 'upgrade-deps' }],
    ['log r142', { name: 'log', target: 'r142' }],
    ['logs upgrade-deps', { name: 'log', target: 'upgrade-deps' }],
    ['retry r142', { name: 'retry', target: 'r142' }],
    ['retry r142 “”', { name: 'retry', target: 'r142' }],
    ['retry r142: use v2', { name: 'retry', target: 'r142', note: 'use v2' }],
    [
      'retry r142 the API has moved\n  - to /v2\n\nuse --coverage',
      { name: 'retry', target: 'r142', note: 'the API has moved\n  - to /v2\n\nuse --coverage' },
    ],
    ['retry upgrade-deps "mind --model"', { name: 'retry', target: 'upgrade-deps', note: 'mind --model' }],
    ['retry r142 see `--model`, don’t guess', { name: 'retry', target: 'r142', note: 'see `--model`, don’t guess' }],
  ])('%j is read', (text, command) => {
    expect(parse(text)).toEqual(command);
  });
});

describe('schedule', () => {
  test('all flags are read, in any order and any case', () => {
    const text =
      'schedule upgrade all dependencies --project api --when "weekdays at 2am" --accept "$ npm test" ' +
      '--Accept "no breaking changes to the public interface" --timeout 2h --retries 2 --budget 5 --model opus ' +
      '--name upgrade-deps --notify Always --ZONE europe/berlin';
    expect(parse(text)).toEqual({
      name: 'schedule',
      goal: 'upgrade all dependencies',
      project: 'api',
      when: 'weekdays at 2am',
      accept: ['$ npm test', 'no breaking changes to the public interface'],
      timeoutMs: 7_200_000,
      retries: 2,
      budgetUsd: 5,
      model: 'opus',
      jobName: 'upgrade-deps',
      notify: 'always',
      zone: 'Europe/Berlin',
    });
  });

  test.each([
    ['a goal in front', 'schedule fix it --project api', job('fix it', { project: 'api' })],
    ['a goal behind', 'schedule --project api fix it', job('fix it', { project: 'api' })],
    ['a goal between', 'schedule --project api fix it --retries 1', job('fix it', { project: 'api', retries: 1 })],
    ['a goal behind a quoted value', 'schedule --when “tonight” fix it', job('fix it', { when: 'tonight' })],
    ['a goal behind an amount', 'schedule --timeout 1 h 30 min fix it', job('fix it', { timeoutMs: 5_400_000 })],
    ['a goal below the flags', 'schedule --when tonight\nfix it\n- all', job('fix it\n- all', { when: 'tonight' })],
    ['a colon behind the command', 'schedule: fix it', job('fix it')],
    ['a goal from the next line on', 'schedule\nfix it', job('fix it')],
    [
      'a goal around a line of flags',
      'schedule fix it:\n--project api\n\n- one\r\n- two',
      job('fix it:\n\n- one\r\n- two', { project: 'api' }),
    ],
    [
      'a goal that goes on below the line of the flags',
      'schedule fix it --project api --when tonight\nDetails:\n\tthe login',
      job('fix it\nDetails:\n\tthe login', { project: 'api', when: 'tonight' }),
    ],
  ])('%s is read', (_, text, command) => {
    expect(parse(text)).toEqual(command);
  });

  test.each([
    ['line breaks', 'fix it:\n\n  1. this\n\t2. that\r\n\r\n   3. those'],
    ['apostrophes', "don't lose the users’ data, it's the '90s: rock 'n' roll, let 'em"],
    ['an apostrophe and a quoted word', "don't touch the 'users' table, nor the users' views"],
    ['dashes that are no flags', 'fix the — broken — thing -- and run npm test --coverage –fast —bail'],
    ['dashes in words', 'a well-known e2e--project and foo—when it rains'],
    ['lists', '- project setup\n- when it fails\n-- model'],
    ['flags in quotes', 'explain "--project api" and ‘--when’ and “--accept x” and «--model»'],
    ['flags in backticks', 'explain `--project api` and ``a ` --when b``'],
    ['a fence', 'make this work:\n```sh\nnpm test --project api "unclosed\n```\nand say how'],
    ['quotes in part of it', '"fix" the "login"'],
    ['inches', 'make it fit a 5" screen and a 7" one'],
    ['an escaped quote', 'print \\" and \\`'],
    ['emoji and other scripts', '修复 👩‍💻 login, تسجيل, שלום \u200f!'],
    ['quotes within quotes', 'say “he said “hello” twice” and „so“ and »so« and 「so」'],
    ['code all in backticks', '`npm run lint -- --fix`'],
    ['flags of other tools', 'run `x`, then jest --watch --verbose --json --all --fix -t'],
    ['a known name far behind a dash', '--  project, or — when'],
    ['a mention of a command', 'schedule a call, then cancel it'],
    ['something like markup', '<b>fix</b> & <@U123> **it** #142'],
  ])('a goal keeps %s exactly', (_, goal) => {
    expect(parse(`schedule ${goal}`)).toEqual(job(goal));
    expect(parse(`schedule \n ${goal} \t\n --project api`)).toEqual(job(goal, { project: 'api' }));
    expect(parse(`schedule --project api\n${goal}`)).toEqual(job(goal, { project: 'api' }));
  });

  test.each([
    ['"fix it"', 'fix it'],
    ['“fix it”', 'fix it'],
    ['‘fix it’', 'fix it'],
    ["'fix --project it'", 'fix --project it'],
    ['«fix it»', 'fix it'],
    ['„fix it“', 'fix it'],
    ['"fix it”', 'fix it'],
    ['“ fix\n\nit "', 'fix\n\nit'],
    ['"fix \\"it\\" --when \\"now\\""', 'fix "it" --when "now"'],
    ['"grep \\\\d in C:\\\\x"', 'grep \\\\d in C:\\\\x'],
  ])('quotes around all of the goal %j are removed', (given, goal) => {
    expect(parse(`schedule ${given} --retries 0`)).toEqual(job(goal, { retries: 0 }));
    expect(parse(`schedule --retries 0 ${given}`)).toEqual(job(goal, { retries: 0 }));
  });

  test.each([
    ['--when tomorrow at 2am --project api', { when: 'tomorrow at 2am', project: 'api' }],
    ['--project api --when tomorrow at 2am', { when: 'tomorrow at 2am', project: 'api' }],
    ['—when “weekdays 2am” –project=api', { when: 'weekdays 2am', project: 'api' }],
    ['---when tonight', { when: 'tonight' }],
    ["--when='mon-fri at 07:30'", { when: 'mon-fri at 07:30' }],
    ['--when = tonight', { when: 'tonight' }],
    ['--when 30 7 * * 1-5 --retries 0', { when: '30 7 * * 1-5', retries: 0 }],
    ['--when\u00a0tonight', { when: 'tonight' }],
    ['--\u200bwhen\u200b \u2068tonight\u2069', { when: 'tonight' }],
    ['\u200b--pro\u00adject\ufeff a\u200bpi', { project: 'api' }],
    ['--project `api`', { project: 'api' }],
    ['--project"api"', { project: 'api' }],
    ['"--budget" x --budget 5', { goal: 'fix it "--budget" x', budgetUsd: 5 }],
    ['--zone utc', { zone: 'UTC' }],
    ['--timezone "America/New York"', { zone: 'America/New_York' }],
    ['--accept $ npm test -- --coverage --retries 3', { accept: ['$ npm test -- --coverage'], retries: 3 }],
    ['--accept "$ npm test -- --project web"', { accept: ['$ npm test -- --project web'] }],
    [`--accept '$ node -e "process.exit(0)"'`, { accept: ['$ node -e "process.exit(0)"'] }],
    ['--accept "$ grep -c \\"a\\\\d\\" x"', { accept: ['$ grep -c "a\\\\d" x'] }],
    ['--accept `npm test` passes', { accept: ['`npm test` passes'] }],
    ['--accept `$ npm test`', { accept: ['$ npm test'] }],
    [
      "--accept don't lose the users' data --accept=“it’s fast”",
      { accept: ["don't lose the users' data", 'it’s fast'] },
    ],
    ['--accept "$ npm ci\nnpm test"', { accept: ['$ npm ci\nnpm test'] }],
    ['--accept "👩‍💻 is shown"', { accept: ['👩‍💻 is shown'] }],
    ['--timeout 90m', { timeoutMs: 5_400_000 }],
    ['--timeout 1h30m', { timeoutMs: 5_400_000 }],
    ['--timeout 45 min', { timeoutMs: 2_700_000 }],
    ['--timeout 1 hour and 30 minutes --retries 20', { timeoutMs: 5_400_000, retries: 20 }],
    ['--timeout 60s', { timeoutMs: 60_000 }],
    ['--timeout 7 days', { timeoutMs: 604_800_000 }],
    ['--budget $5', { budgetUsd: 5 }],
    ['--budget 5.50', { budgetUsd: 5.5 }],
    ['--budget 5 usd', { budgetUsd: 5 }],
    ['--budget USD 7 --name a', { budgetUsd: 7, jobName: 'a' }],
    ['--budget 0.01', { budgetUsd: 0.01 }],
    ['--budget 10000 dollars', { budgetUsd: 10_000 }],
    ['--model sonnet[1m]', { model: 'sonnet[1m]' }],
    ['--model us.anthropic.claude-opus-4:0', { model: 'us.anthropic.claude-opus-4:0' }],
    ['--name 2fa-login', { jobName: '2fa-login' }],
    [`--name ${'a'.repeat(50)}`, { jobName: 'a'.repeat(50) }],
    ['--notify “never”', { notify: 'never' }],
    ['--overlap Queue —catch-up all', { overlap: 'queue', catchUp: 'all' }],
    ['--catch-up latest --catch-up-within 1 day', { catchUp: 'latest', catchUpWithinMs: 86_400_000 }],
    ['--catch-up-within 90m --overlap allow', { catchUpWithinMs: 5_400_000, overlap: 'allow' }],
  ])('%j are flags and values', (flags, more) => {
    expect(parse(`schedule fix it ${flags}`)).toEqual(job('fix it', more));
  });
});

test('the own name of the command may stand in front, once or again', () => {
  for (const text of ['list', '/claude list', '/claude /Claude list']) {
    expect(parseCommand(text, { commandName: '/claude' })).toEqual({ name: 'list' });
  }
});
