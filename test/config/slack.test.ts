import { describe, expect, test } from 'vitest';

import { parseConfig } from '../../src/config.ts';
import type { ConfigError } from '../../src/config/fault.ts';
import { keepFixed } from '../../src/config/keep-fixed.ts';
import { testContext } from './config-context.ts';

const smallest = 'projects: { api: { path: . } }';
const tokens = { SLACK_BOT_TOKEN: 'bot-t', SLACK_APP_TOKEN: 'app-t', SLACK_SIGNING_SECRET: 'sign-s' };
const parse = (slack: string, env: Record<string, string> = tokens) =>
  parseConfig(`${smallest}\n${slack}`, { ...testContext, env });

function messageFor(slack: string, env: Record<string, string>): string {
  try {
    parse(slack, env);
  } catch (error) {
    return (error as ConfigError).message;
  }
  throw new Error('no fault was found');
}

describe('Slack', () => {
  test('is off where the file has no section for it, whatever the environment has', () => {
    expect(parse('').slack).toBeUndefined();
  });

  test('is on over Socket Mode with an empty section', () => {
    expect(parse('slack:').slack).toEqual({
      mode: 'socket',
      apiUrl: 'https://slack.com/api/',
      botToken: 'bot-t',
      appToken: 'app-t',
    });
  });

  test('listens where it is told to in HTTP mode', () => {
    const { slack } = parse('slack: { mode: http, apiUrl: "http://127.0.0.1:9/api", port: 0, path: /hook }');
    expect(slack).toEqual({
      mode: 'http',
      apiUrl: 'http://127.0.0.1:9/api/',
      botToken: 'bot-t',
      signingSecret: 'sign-s',
      host: '127.0.0.1',
      port: 0,
      path: '/hook',
    });
  });

  test('names every token that is missing, and shows none that is there', () => {
    const text = messageFor('slack: { mode: http }', { SLACK_APP_TOKEN: 'app-t' });
    expect(text).toContain('SLACK_BOT_TOKEN is not set in the environment of nightdesk');
    expect(text).toContain('SLACK_SIGNING_SECRET is not set in the environment of nightdesk');
    expect(text).toContain('docs/slack.md');
    expect(text).not.toContain('app-t');
    expect(messageFor('slack:', {})).toContain('2 faults');
  });

  test('needs a port of its own beside the page', () => {
    expect(messageFor('slack: { mode: http, port: 7433 }', tokens)).toContain(
      'slack.port: given 7433, which web.port has',
    );
  });

  test('that is off is said where a channel of it is named', () => {
    const { warnings } = parse('alerts: slack:C0OPS');
    expect(warnings).toEqual(["slack:C0OPS can't be reached: without `slack` in the file Slack is off"]);
    expect(parse('alerts: slack:C0OPS\nslack:').warnings).toEqual([]);
  });
});

test.each([
  ['slack:', '', ['slack']],
  ['', 'slack: { mode: http }', ['slack']],
  ['slack:', 'slack: { mode: http, port: 1 }', ['slack.mode', 'slack.host', 'slack.port', 'slack.path']],
  ['slack: { mode: http }', 'slack: { mode: http, port: 1 }', ['slack.port']],
  ['slack:', 'slack: { apiUrl: "http://127.0.0.1/" }', ['slack.apiUrl']],
  ['slack:', 'slack: { port: 1 }', []],
])('from %j to %j, Slack stays as it is until a restart, and %j is named', (before, after, named) => {
  const running = parse(before);
  const { config, kept } = keepFixed(running, parse(after));
  expect(config.slack).toEqual(running.slack);
  expect(kept).toEqual(named);
});
