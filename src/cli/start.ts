import { once } from 'node:events';

import pino, { type Logger } from 'pino';

import { startApp, type App } from '../app.ts';
import { DataDirectoryBusy } from '../db/data-lock.ts';
import { CliProblem } from './cli-problem.ts';
import { findConfigPath, loadConfig } from '../config.ts';
import type { Config } from '../config/config-value.ts';
import { isSecretName } from '../model/secret.ts';
import { createLog } from './create-log.ts';
import { removeBotAddress, writeBotAddress } from './bot-address.ts';
import { findProgram } from '../find-program.ts';
import { onHangup } from './on-hangup.ts';
import { onStop } from './on-stop.ts';
import { reload } from './reload.ts';
import { version } from './version.ts';

export interface StartOptions {
  configFlag: string | undefined;
  env: Record<string, string | undefined>;
}

/** Docker kills what has not ended after 10 s; on a busy machine some of that is gone before the signal is heard. */
const stopWithinMs = 7_000;

/** Starts the bot, prints where the page is, and resolves after SIGINT or SIGTERM, when all is let go of. */
export async function start({ configFlag, env }: StartOptions): Promise<void> {
  const configPath = findConfigPath(configFlag, env, process.cwd());
  const config = loadConfig(configPath, env);
  const log = openLog(env);
  for (const warning of [...config.warnings, ...claudeWarnings(config)]) log.warn(warning);
  const stopping = new AbortController();
  onStop(() => stopping.abort());
  const hangup = onHangup(() => stopping.abort());
  const app = await startOrExplain(config, {
    holder: `nightdesk ${version()} on ${config.host.name}, process ${process.pid}, since ${new Date().toISOString()}`,
    secrets: ownSecrets(env),
    log,
  });
  leaveWord(
    () => writeBotAddress(config.dataDirectory, app.url),
    log,
    'Commands of the terminal will not find this bot',
  );
  log.info({ url: app.url, version: version() }, 'nightdesk is ready');
  const base = config.web.url ?? app.url;
  if (config.web.url === undefined && reachesOthers(config)) {
    log.warn(`web.url is not set: links in messages lead to ${app.url}, which may be reached from this machine alone`);
  }
  const linksFor = (people: readonly string[]): string =>
    people.map((name) => `  ${name}  ${base}/?token=${app.tokenFor(name)}\n`).join('');
  process.stdout.write(
    `nightdesk ${version()} on ${config.host.name} is ready: ${app.url}\n${linksFor(config.web.people)}`,
  );
  hangup.reload(() => {
    if (stopping.signal.aborted) return;
    const newPeople = reload({ app, configPath, env, log });
    if (newPeople.length > 0) process.stdout.write(`New on the page:\n${linksFor(newPeople)}`);
  });
  if (!stopping.signal.aborted) await once(stopping.signal, 'abort');
  log.info('Stopping; attempts under way go on without the bot');
  endWithin(stopWithinMs, log);
  // Who asks for the bot finds that it does not answer.
  leaveWord(() => removeBotAddress(config.dataDirectory), log, 'The word of where it listened could not be taken back');
  await app.stop();
}

/** A disk that takes nothing keeps the bot neither from its work nor from stopping. */
function leaveWord(act: () => void, log: Logger, otherwise: string): void {
  try {
    act();
  } catch (error) {
    log.warn({ err: error }, otherwise);
  }
}

/** A platform may take long to answer, and a large folder to be deleted. As a kill would, this loses nothing of it. */
function endWithin(ms: number, log: Logger): void {
  const end = (): never => {
    log.warn('Something under way does not end; the next start goes on with it');
    process.exit();
  };
  setTimeout(end, ms).unref();
}

/** Whether messages leave the page for people who may sit elsewhere. */
const reachesOthers = ({ channels, alerts, digest }: Config): boolean =>
  [...channels.keys(), ...digest.channels, ...(alerts === undefined ? [] : [alerts])].some(
    (channel) => !channel.startsWith('web:'),
  );

/** A run that can't start Claude Code fails in the night; whoever starts the bot is still there to mend it. */
function claudeWarnings({ claude }: Config): string[] {
  const [program] = claude.command;
  if (findProgram(program, claude.env['PATH']) !== undefined) return [];
  return [
    `${program} is not found in the PATH that runs get, ${claude.env['PATH'] ?? ''}; \`nightdesk doctor\` says what to do`,
  ];
}

function openLog(env: StartOptions['env']): Logger {
  const destination = pino.destination(2);
  const log = createLog({
    level: env['NIGHTDESK_LOG_LEVEL'] || undefined,
    isTerminal: process.stderr.isTTY,
    secrets: ownSecrets(env),
    write: (line) => destination.write(line),
  });
  // A terminal that was closed takes no more lines. What pino keeps for it would be tried for ever at the end.
  destination.on('error', () => {
    log.level = 'silent';
    destination.destroy();
  });
  return log;
}

async function startOrExplain(...given: Parameters<typeof startApp>): Promise<App> {
  try {
    return await startApp(...given);
  } catch (error) {
    throw error instanceof DataDirectoryBusy ? new CliProblem(error.message, { cause: error }) : error;
  }
}

/** The bot's own secrets: the child never gets them, and nothing that is told may show them. */
function ownSecrets(env: StartOptions['env']): { name: string; value: string }[] {
  return Object.entries(env).flatMap(([name, value]) => (value && isSecretName(name) ? [{ name, value }] : []));
}
