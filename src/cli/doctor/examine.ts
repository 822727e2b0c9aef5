import { fileURLToPath } from 'node:url';

import { loadConfig } from '../../config.ts';
import type { Config } from '../../config/config-value.ts';
import { ConfigError } from '../../config/fault.ts';
import { commandEnv } from '../../runner/child-env.ts';
import { checkBot } from './check-bot.ts';
import { checkClaude } from './check-claude.ts';
import { checkDataDirectory } from './check-data-directory.ts';
import { checkDiscord } from './check-discord.ts';
import { checkGit } from './check-git.ts';
import { checkNode, checkServiceNode } from './check-node.ts';
import { checkOutbox } from './check-outbox.ts';
import { checkProject } from './check-project.ts';
import { checkRights } from './check-rights.ts';
import { checkShell } from './check-shell.ts';
import { checkSlack } from './check-slack.ts';
import type { DoctorContext } from './doctor-context.ts';
import { fault, ok, warning, type Finding } from './finding.ts';
import { loadServiceConfig } from './load-service-config.ts';

const mainPath = fileURLToPath(new URL('../../main', import.meta.url));

/** Makes all checks, and says what each found. What needs the configuration waits until that can be read. */
export async function examine(path: string, context: DoctorContext): Promise<Finding[]> {
  const node = await nodeFinding(path, context);
  const read = readConfiguration(path, context);
  if (read.config === undefined) return [node, ...read.findings];
  const { config } = read;
  const env = commandEnv(config.claude.env);
  const [git, claude, projects, bot, slack, outbox, discord, dataDirectory] = await Promise.all([
    checkGit(env),
    checkClaude(config, context),
    Promise.all([...config.projects.values()].map((project) => checkProject(project, env, context))),
    checkBot(config),
    checkSlack(config),
    checkOutbox(config.dataDirectory, context.now),
    checkDiscord(config),
    checkDataDirectory(config.dataDirectory, config.disk.minFree),
  ]);
  return [
    node,
    ...read.findings,
    git,
    checkShell(env),
    ...claude,
    checkRights(config, context),
    ...projects.flat(),
    ...dataDirectory,
    bot,
    ...slack,
    ...outbox,
    ...discord,
  ];
}

async function nodeFinding(path: string, { service }: DoctorContext): Promise<Finding> {
  if (service === undefined) return checkNode();
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  const start = `${process.execPath} ${mainPath}${extension} start --config ${path}`;
  return checkServiceNode(service.env['PATH'] ?? '', start);
}

function readConfiguration(path: string, { env, service }: DoctorContext): { config?: Config; findings: Finding[] } {
  try {
    const { config, findings } =
      service === undefined ? { config: loadConfig(path, env), findings: [] } : loadServiceConfig(path, env, service);
    const projects = config.projects.size === 1 ? '1 project' : `${config.projects.size} projects`;
    return {
      config,
      findings: [
        ok('configuration', `${path}, ${projects}`),
        ...config.warnings
          // That a project's folder is missing is said with the project.
          .filter((said) => !said.startsWith('project ') || !said.includes('there is no folder'))
          .map((said) => warning('configuration', said, `see docs/configuration.md; the file is ${path}`)),
        ...findings,
      ],
    };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const isMissing = error.message.includes('there is no such file');
    const toDo = isMissing ? 'nightdesk init writes one' : 'correct it; what depends on it was not checked';
    return { findings: [fault('configuration', error.message, toDo)] };
  }
}
