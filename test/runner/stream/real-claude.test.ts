import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createClaudeStream, type StreamReport } from '../../../src/runner/stream/claude-stream.ts';
import { readClaudeLine } from '../../../src/runner/stream/read-claude-line.ts';
import { makeClaudeFolder, type ClaudeFolder, type ClaudeRun } from '../../support/run-claude.ts';
import {
  bash,
  cutStream,
  drip,
  edit,
  fail,
  hang,
  read,
  say,
  think,
  together,
  tries,
  usageLimit,
  useTool,
  write,
  type Script,
} from '../../support/script.ts';
import { startScriptedModel, type ScriptedModel } from '../../support/scripted-model.ts';

let folder: ClaudeFolder;
let model: ScriptedModel;

beforeEach(() => {
  folder = makeClaudeFolder();
});

afterEach(async () => {
  await model.close();
  folder.remove();
});

async function play(script: Script): Promise<ScriptedModel> {
  model = await startScriptedModel(script);
  return model;
}

function reportOf(run: ClaudeRun): StreamReport {
  const stream = createClaudeStream();
  for (const line of run.lines) stream.push(readClaudeLine(line), Date.now());
  return stream.report(Date.now());
}

const countResults = (run: ClaudeRun): number =>
  run.lines.filter((line) => readClaudeLine(line).kind === 'result').length;

describe('the scripted model with the real CLI', () => {
  test('writes, edits and reads files, and the model is told what the tools gave', async () => {
    await play([
      [
        together(think('A file first.'), say('I write it.'), write('a.txt', 'one\n')),
        edit('a.txt', 'one', 'two'),
        together(read('a.txt'), bash('cat a.txt; exit 3')),
        say('Done.'),
      ],
    ]);
    const run = await folder.run({ model, prompt: 'Make a.txt.' });

    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(readFileSync(join(folder.workspace, 'a.txt'), 'utf8')).toBe('two\n');
    expect(model.turns().map(({ conversation, turn }) => [conversation, turn])).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
      [1, 4],
    ]);
    expect(model.turns()[0]?.prompt).toContain('Make a.txt.');
    expect(model.turns()[3]?.latest).toContain('Exit code 3');
    expect(reportOf(run)).toMatchObject({
      cliVersion: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      keySource: 'ANTHROPIC_API_KEY',
      result: { subtype: 'success', isError: false, terminalReason: 'completed', text: 'Done.' },
      toolCalls: 4,
      assistantMessages: 4,
      lastWords: 'Done.',
      lastError: 'cat a.txt; exit 3: Exit code 3\ntwo',
      openTool: null,
    });
  });

  test('takes the second conversation of the script for the second session', async () => {
    await play([[say('first')], [say('second')]]);
    const reports = [reportOf(await folder.run({ model })), reportOf(await folder.run({ model }))];
    expect(reports.map((report) => report.lastWords)).toEqual(['first', 'second']);
  });

  test('a turn that the script lacks is an error that names it', async () => {
    await play([[bash('true')]]);
    const run = await folder.run({ model });
    expect(reportOf(run).result?.text).toContain('the script has no turn 2 in conversation 1');
  });

  test('a function may answer by what it is asked', async () => {
    await play((request) => say(`turn ${request.turn} of: ${request.prompt.split('\n').at(-1)}`));
    expect(reportOf(await folder.run({ model, prompt: 'Say so.' })).lastWords).toBe('turn 1 of: Say so.');
  });

  test('an answer may come slowly, and every piece is a line', async () => {
    await play([[drip(say('abcdefghij'), { characters: 1, everyMs: 5 })]]);
    const run = await folder.run({ model });
    expect(run.lines.filter((line) => line.includes('text_delta'))).toHaveLength(10);
  });

  test('answers a request without streaming', async () => {
    const { url } = await play([[together(say('whole'), bash('true'))]]);
    const body = { model: 'm', tools: [{ name: 'Bash' }], messages: [{ role: 'user', content: 'x' }] };
    const response = await fetch(`${url}/v1/messages`, { method: 'POST', body: JSON.stringify(body) });
    expect(await response.json()).toMatchObject({
      content: [
        { type: 'text', text: 'whole' },
        { type: 'tool_use', name: 'Bash' },
      ],
      stop_reason: 'tool_use',
    });
  });
});

describe('the real CLI', () => {
  test('tries a refused key again, then ends as a success that is an error', async () => {
    await play([[fail(401, 'authentication_error', 'invalid x-api-key')]]);
    const run = await folder.run({ model });
    expect(run.exitCode).toBe(1);
    expect(model.turns().map((request) => request.tryNumber)).toEqual([1, 2, 3]);
    expect(reportOf(run)).toMatchObject({
      result: { subtype: 'success', isError: true, apiErrorStatus: 401 },
      apiRetries: [
        { status: 401, error: 'authentication_failed' },
        { status: 401, error: 'authentication_failed' },
      ],
      lastError: 'Invalid API key · Fix external API key',
      assistantMessages: 0,
    });
  });

  test('tells with a subscription when the usage limit resets, and does not try again', async () => {
    const resetsAt = new Date(Math.ceil(Date.now() / 1000) * 1000 + 3_600_000);
    await play([[usageLimit(resetsAt)]]);
    const run = await folder.run({ model, login: 'subscription' });
    expect(model.turns()).toHaveLength(1);
    expect(reportOf(run)).toMatchObject({
      limitResetsAtMs: resetsAt.getTime(),
      result: { isError: true, apiErrorStatus: 429, text: expect.stringMatching(/^You've hit your .*limit · resets /) },
    });
  });

  test('tells with an API key only that a request was rejected', async () => {
    await play([[usageLimit(new Date(Date.now() + 3_600_000))]]);
    expect(reportOf(await folder.run({ model }))).toMatchObject({
      limitResetsAtMs: null,
      result: { isError: true, apiErrorStatus: 429, text: expect.stringContaining('Request rejected (429)') },
    });
  });

  test('gets over an overloaded API and a stream that breaks off', async () => {
    await play([[tries(fail(529, 'overloaded_error', 'Overloaded'), cutStream(say('Half of it')), say('All.'))]]);
    expect(reportOf(await folder.run({ model }))).toMatchObject({
      result: { isError: false },
      apiRetries: [{ status: 529 }, { status: null }],
      assistantMessages: 1,
      lastWords: 'All.',
    });
  });

  test('prints a second result when a background command ends after the first', async () => {
    await play([
      [bash('sleep 1; echo late > late.txt', { run_in_background: true }), say('It runs.'), say('It has ended.')],
    ]);
    const run = await folder.run({ model });
    expect(countResults(run)).toBe(2);
    expect(existsSync(join(folder.workspace, 'late.txt'))).toBe(true);
    expect(reportOf(run)).toMatchObject({ lastWords: 'It has ended.', result: { text: 'It has ended.' } });
  });

  test('prints a second result when a background subagent ends', async () => {
    const agent = { description: 'Look', prompt: 'SUBTASK', subagent_type: 'general-purpose', run_in_background: true };
    await play([
      { when: /SUBTASK/, turns: [bash('sleep 1; echo seen'), say('Nothing.')] },
      [useTool('Agent', agent), say('It looks.'), say('It found nothing.')],
    ]);
    const run = await folder.run({ model });
    expect(countResults(run)).toBe(2);
    expect(reportOf(run)).toMatchObject({ toolCalls: 2, lastWords: 'It found nothing.' });
  });

  test('goes on after a denied tool and lists it', async () => {
    await play([[bash('touch "a, b"'), bash('touch c'), write('d.txt', ''), say('Not all of it.')]]);
    const run = await folder.run({
      model,
      options: { permissionMode: 'dontAsk', allowedTools: ['Bash(touch "a, b")', 'Read'] },
    });
    expect(run.exitCode).toBe(0);
    expect(existsSync(join(folder.workspace, 'a, b'))).toBe(true);
    expect(existsSync(join(folder.workspace, 'c'))).toBe(false);
    expect(reportOf(run)).toMatchObject({
      result: { subtype: 'success', isError: false },
      denials: [
        { tool: 'Bash', detail: 'touch c' },
        { tool: 'Write', detail: 'd.txt' },
      ],
    });
  });

  // Under load 2.1.330 sometimes ends before it has written its result, with exit 0 all the same.
  test('shows the tool that was open at SIGINT, and reports no success', async () => {
    await play([[bash('touch started; sleep 60; true')]]);
    const report = reportOf(await folder.run({ model, interruptOnce: 'started' }));
    expect(report).toMatchObject({
      lastError: null,
      openTool: { summary: 'touch started; sleep 60; true' },
      tokens: { input: 1200, output: 80 },
    });
    expect(report.result?.subtype).not.toBe('success');
  });

  test('waits for an answer that never comes until it is told to end', async () => {
    await play([[bash('touch started'), hang()]]);
    const report = reportOf(await folder.run({ model, interruptOnce: 'started' }));
    expect(report).toMatchObject({ assistantMessages: 1, lastWords: '' });
    expect(report.result?.subtype).not.toBe('success');
  });

  test('takes every argument as nightdesk gives it, and none as another flag', async () => {
    await play([[bash('true'), bash('true'), bash('true'), say('Never said.')]]);
    const sessionId = '3f1c9a52-6d0e-4b7a-9c11-2f8e5d7a6b40';
    const run = await folder.run({
      model,
      options: { sessionId, model: '--help', budgetUsd: 0.01, ignoresWorkspaceSettings: true },
    });
    const report = reportOf(run);
    expect(report).toMatchObject({ sessionId, model: '--help', result: { subtype: 'error_max_budget_usd' } });
    const tools = (JSON.parse(run.lines[0] ?? '') as { tools: string[] }).tools;
    expect(tools).not.toContain('EnterWorktree');
    expect(tools).not.toContain('CronCreate');
    expect(tools).not.toContain('ScheduleWakeup');
  });

  test.each([
    [false, true],
    [true, false],
  ])('with workspace settings ignored (%s), the files of the workspace speak: %s', async (ignores, isTold) => {
    await play([[say('Done.')]]);
    writeFileSync(join(folder.workspace, 'CLAUDE.md'), 'Words of the workspace.');
    await folder.run({ model, options: { ignoresWorkspaceSettings: ignores } });
    expect(JSON.stringify(model.turns()[0]?.body).includes('Words of the workspace.')).toBe(isTold);
  });
});

test.each([
  ['runs without asking', false],
  ['does not run where the settings of the workspace are ignored', true],
])('a hook of an agent that lies in the workspace %s', async (_what, ignoresWorkspaceSettings) => {
  const hook = '[{ matcher: "*", hooks: [{ type: command, command: touch hooked }] }]';
  const trusted = { projects: { [folder.workspace]: { hasTrustDialogAccepted: true } } };
  writeFileSync(join(folder.home, '.claude.json'), JSON.stringify(trusted));
  mkdirSync(join(folder.workspace, '.claude/agents'), { recursive: true });
  const agent = `---\nname: x\ndescription: does x\ntools: Bash\nhooks: { PreToolUse: ${hook} }\n---\nYou do x.\n`;
  writeFileSync(join(folder.workspace, '.claude/agents/x.md'), agent);
  const start = useTool('Agent', { subagent_type: 'x', description: 'x', prompt: 'SUBTASK' });
  await play([{ when: /SUBTASK/, turns: [bash('true'), say('Done below.')] }, [start, say('Done.')]]);
  await folder.run({ model, options: { permissionMode: 'dontAsk', allowedTools: [], ignoresWorkspaceSettings } });
  expect(existsSync(join(folder.workspace, 'hooked'))).toBe(!ignoresWorkspaceSettings);
});
