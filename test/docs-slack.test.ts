import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { botScopes } from '../src/bots/slack/scopes.ts';
import { parseConfig } from '../src/config.ts';
import { testContext } from './config/config-context.ts';

const page = readFileSync('docs/slack.md', 'utf8');

test('the page about Slack names each scope that the manifest asks for, and no other', () => {
  const [, rights = ''] = page.split("## The app's rights");
  const named = [...rights.matchAll(/`([a-z_:]+)`/g)].map(([, scope]) => scope);
  expect(new Set(named)).toEqual(new Set(Object.keys(botScopes)));
});

const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml.replaceAll(/^ {3}/gm, ''));

test.each(examples)('its example can be used: %s', (yaml) => {
  const env = { ...testContext.env, SLACK_SIGNING_SECRET: 'secret' };
  const config = parseConfig(`projects: { api: { path: . } }\nweb: { people: [ada] }\n${yaml}`, {
    ...testContext,
    env,
  });
  expect(config.slack).toBeDefined();
});
