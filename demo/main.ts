import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import pino from 'pino';

import { startApp, type App } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { startScriptedModel } from '../test/support/scripted-model.ts';
import { answerAsModel } from './model-script.ts';
import { makeShop } from './project.ts';
import { tellStory } from './story.ts';

const claude = fileURLToPath(new URL('../node_modules/.bin/claude', import.meta.url));

const { values } = parseArgs({
  options: { once: { type: 'boolean', default: false }, port: { type: 'string', default: '0' } },
});

/** The demo's own configuration: what a real one has, with the model's address of this machine. */
function writeConfig(folder: string, env: Record<string, string>): string {
  const file = path.join(folder, 'nightdesk.yaml');
  const names = Object.keys(env).filter((name) => name !== 'PATH' && name !== 'HOME');
  writeFileSync(
    file,
    `dataDirectory: data
host: { name: demo }
claude:
  command: ${JSON.stringify([claude])}
  env: ${JSON.stringify(names)}
projects:
  shop: { path: shop }
channels:
  web:general: { project: shop }
web: { port: ${Number(values.port)}, people: [you] }
`,
  );
  return file;
}

async function main(): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), 'nightdesk-demo-'));
  const home = path.join(folder, 'home');
  mkdirSync(home);
  makeShop(path.join(folder, 'shop'));
  const model = await startScriptedModel(answerAsModel);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  let app: App | undefined;
  try {
    const env = model.env(home);
    const config = loadConfig(writeConfig(folder, env), env);
    app = await startApp(config, {
      holder: `the demo, process ${process.pid}`,
      secrets: [],
      log: pino({ level: 'error' }, pino.destination(2)),
    });
    const told = await tellStory({
      url: app.url,
      token: app.tokenFor('you'),
      signal: stopping.signal,
      log: console.log,
    });
    if (told && !values.once) {
      console.log(`\nThe page stays up: ${app.url}/?token=${app.tokenFor('you')}\nCtrl-C ends it.`);
      if (!stopping.signal.aborted) await once(stopping.signal, 'abort');
    }
    return told ? 0 : 1;
  } finally {
    await app?.stop();
    await model.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
