import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { writeBotAddress } from '../../src/cli/bot-address.ts';
import { startFormWeb } from '../support/form-web.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

test('a command that is refused in the terminal is answered with the link to its form', async () => {
  const { fixture, web } = await startFormWeb();
  const { directory } = fixture;
  writeBotAddress(directory, web.url);
  const config = path.join(directory, 'nightdesk.yaml');
  const projects = { api: { path: path.join(directory, 'project') } };
  const people = ['ada', 'grace'];
  writeFileSync(config, JSON.stringify({ dataDirectory: directory, projects, web: { people } }));
  const args = [main, 'claude', '--config', config, 'schedule fix it --when "weekdyas 2am"'];
  const stderr = await new Promise<string>((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '', HOME: directory };
    execFile(process.execPath, args, { env }, (_error, _stdout, stderr) => resolve(stderr));
  });
  expect(stderr).toContain('Did you mean `weekdays at 2am`?');
  expect(stderr).toContain(`opens the form with everything you typed.\n${web.url}/?draft=1`);
});
