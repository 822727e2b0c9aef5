import { expect, test } from 'vitest';

import { parseConfig } from '../../src/config.ts';
import { keepFixed } from '../../src/config/keep-fixed.ts';
import { testContext } from './config-context.ts';

const parse = (yaml: string) => parseConfig(`projects: { api: { path: . } }\n${yaml}`, testContext);
const running = parse('');

test.each([
  ['dataDirectory', 'dataDirectory: other'],
  ['commandName', 'commandName: /night'],
  ['host.name', 'host: { name: other }'],
  ['host.zone', 'host: { zone: UTC }'],
  ['web.host', 'web: { host: "::1" }'],
  ['web.port', 'web: { port: 1 }'],
  ['discord', 'discord: { guild: "123" }'],
  ['web.url', 'web: { url: https://desk.example.org }'],
])('%s keeps its value until a restart, and is named', (key, yaml) => {
  const { config, kept } = keepFixed(running, parse(yaml));
  expect(kept).toEqual([key]);
  expect({ ...config, warnings: [] }).toEqual({ ...running, warnings: [] });
});

test('everything else is as the new configuration has it', () => {
  const next = parse(`host: { concurrency: 5, nightlyAt: "03:00" }
claude: { permissionMode: plan, model: opus }
channels: { "web:team": {} }
defaults: { retries: 0 }
access: { admins: ["web:grace"] }
web: { people: [grace] }`);
  expect(keepFixed(running, next)).toEqual({ config: next, kept: [] });
});

test('a digest with a zone of its own has it, also where the host is to get the same one', () => {
  const { config } = keepFixed(running, parse('host: { zone: UTC }\ndigest: { zone: UTC }'));
  expect(config).toMatchObject({ host: { zone: 'Europe/Berlin' }, digest: { zone: 'UTC' } });
});
