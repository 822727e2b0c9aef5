import { expect, test } from 'vitest';

import { parseConfig } from '../../src/config.ts';
import { testContext } from './config-context.ts';

const parse = (token: string | undefined) =>
  parseConfig('projects: { api: { path: . } }', {
    ...testContext,
    env: { ...testContext.env, ...(token === undefined ? {} : { NIGHTDESK_METRICS_TOKEN: token }) },
  });

test.each([undefined, ''])('without a token for the metrics there is none: %s', (token) => {
  expect(parse(token).web.metricsToken).toBeUndefined();
});

test('a token for the metrics comes from the environment, and goes to no run', () => {
  const { web, claude } = parse('0123456789abcdef');
  expect(web.metricsToken).toBe('0123456789abcdef');
  expect(claude.env).not.toHaveProperty('NIGHTDESK_METRICS_TOKEN');
});

test('a token for the metrics that is short enough to be guessed is refused, without being shown', () => {
  expect(() => parse('opensesame')).toThrow('NIGHTDESK_METRICS_TOKEN has 10 characters');
  expect(() => parse('opensesame')).not.toThrow('opensesame');
});
