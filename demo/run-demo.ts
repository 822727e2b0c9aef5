import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import pino from 'pino';

import { startApp, type App } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import type { Script } from '../test/support/script.ts';
import { startScriptedModel } from '../test/support/scripted-model.ts';
import { makeShop } from './project.ts';
import { tellStory } from './story.ts';

const claude = fileURLToPath(new URL('../node_modules/.bin/claude', import.meta.url));

export interface DemoPage {
  url: string;
  token: string;
}

export interface DemoOptions {
  /** Plays the model. */
  script: Script;
  /** Called when the story is told, while the page is still up. */
  onTold?: ((page: DemoPage) => Promise<void>) | undefined;
  /** 0 takes a free one. */
  port: number;
  signal: AbortSignal;
  log: (line: string) => void;
}

/** Plays the demo in a throw-away folder. Resolves to whether every step of the story happened. */
export async function runDemo({ script, onTold, port, signal, log }: DemoOptions): Promise<boolean> {
  const folder = mkdtempSync(path.join(tmpdir(), 'nightdesk-demo-'));
  const home = path.join(folder, 'home');
  mkdirSync(home);
  makeShop(path.join(folder, 'shop'));
  const model = await startScriptedModel(script);
  let app: App | undefined;
  try {
    const env = model.env(home);
    app = await startApp(loadConfig(writeConfig(folder, env, port), env), {
      holder: `the demo, process ${process.pid}`,
      secrets: [],
      log: pino({ level: 'error' }, pino.destination(2)),
    });
    const page = { url: app.url, token: app.tokenFor('you') };
    const isTold = await tellStory({ ...page, signal, log });
    if (isTold) await onTold?.(page);
    return isTold;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    await app?.stop();
    await model.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The demo's own configuration: what a real one has, with the model's address on this machine. */
function writeConfig(folder: string, env: Record<string, string>, port: number): string {
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
web: { port: ${port}, people: [you] }
`,
  );
  return file;
}
