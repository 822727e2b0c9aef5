import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';

import { findConfigPath, loadConfig, userNameOf } from '../config.ts';
import { ConfigError } from '../config/fault.ts';
import { personName } from '../config/person-name.ts';
import { fileFault } from '../read-plain-file.ts';
import { CliProblem } from './cli-problem.ts';
import { findClaude } from './find-claude.ts';
import { findRepositories } from './init/find-repositories.ts';
import { nameProjects } from './init/name-projects.ts';
import { renderConfig, type InitFacts } from './init/render-config.ts';
import { suggestSetup } from './init/suggest-setup.ts';
import { runProgram } from './run-program.ts';

export interface InitOptions {
  configFlag: string | undefined;
  isSure: boolean;
  env: Record<string, string | undefined>;
}

const maxProjects = 30;
const loginVariables = ['CLAUDE_CODE_OAUTH_TOKEN', 'ANTHROPIC_API_KEY'];
// The same place from src/cli in a checkout and from dist/cli in the package.
const schemaPath = fileURLToPath(new URL('../../nightdesk.schema.json', import.meta.url));

/**
 * Writes a first configuration with what it finds on this machine, and says what to do next. Never overwrites one. Asks
 * first where there is somebody to ask.
 */
export async function init({ configFlag, isSure, env }: InitOptions): Promise<void> {
  const path = findConfigPath(configFlag, env, process.cwd());
  if (existsSync(path)) throw new CliProblem(`${describeExisting(path, env)} Nothing was written.`);
  if (!existsSync(dirname(path))) throw new CliProblem(`There is no folder ${dirname(path)} to write to.`);
  const facts = gatherFacts(path, env);
  process.stdout.write(`${await describeFacts(facts, env)}\n`);
  if (!isSure && process.stdin.isTTY && process.stdout.isTTY && !(await confirm(`Write ${path}?`))) {
    throw new CliProblem('Nothing was written.');
  }
  write(path, renderConfig(facts), env);
  const flag = configFlag === undefined ? '' : ` --config ${configFlag}`;
  process.stdout.write(`
${path} is written. Look it over, then:

  nightdesk doctor${flag}   checks all of it, and says what to do
  nightdesk start${flag}    starts the bot and prints a link to its page
`);
}

function gatherFacts(configPath: string, env: InitOptions['env']): InitFacts & { isCut: boolean } {
  const claude = findClaude(env['PATH'], env['HOME']);
  const repositories = findRepositories(process.cwd(), env['HOME']);
  const names = nameProjects(repositories.slice(0, maxProjects).map(({ path }) => path));
  return {
    projects: [...names].map(([name, path]) => ({ name, path, setup: suggestSetup(path) })),
    isCut: repositories.length > maxProjects,
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    person: personName(userNameOf(env)),
    claude,
    loginVariables: loginVariables.filter((name) => env[name]),
    // A repository is no place for a database and worktrees.
    dataDirectory: isBelow(dirname(configPath), repositories) ? '~/.nightdesk' : undefined,
    schemaPath: existsSync(schemaPath) ? schemaPath : undefined,
  };
}

const isBelow = (folder: string, repositories: { path: string }[]): boolean =>
  repositories.some(({ path }) => `${folder}/`.startsWith(`${path}/`));

async function describeFacts(
  { projects, isCut, zone, person, claude }: ReturnType<typeof gatherFacts>,
  env: InitOptions['env'],
): Promise<string> {
  const width = Math.max(0, ...projects.map(({ name }) => name.length));
  const found =
    projects.length === 0
      ? ['No git repository was found here or in ~/src, ~/code, ~/projects and the like; put yours into the file.']
      : [
          `Git repositories${isCut ? `, the ${maxProjects} that were used last` : ''}:`,
          ...projects.map(({ name, path }) => `  ${name.padEnd(width)}  ${path}`),
        ];
  const version = claude === undefined ? undefined : await claudeVersion(claude.path, env);
  return [
    ...found,
    claude === undefined
      ? 'Claude Code: not found. Install it with: npm install --global @anthropic-ai/claude-code'
      : `Claude Code: ${claude.path}${version === undefined ? '' : `, ${version}`}`,
    `Time zone: ${zone}`,
    `On the page: ${person}`,
  ].join('\n');
}

async function claudeVersion(path: string, env: InitOptions['env']): Promise<string | undefined> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
  const asked = await runProgram([path, '--version'], { env: given as Record<string, string>, timeoutMs: 5_000 });
  return asked.isOk ? asked.stdout.trim() : undefined;
}

async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    // At the end of the input, Ctrl-D, nobody answers any more.
    const ended = new AbortController();
    terminal.once('close', () => ended.abort());
    const answer = await terminal.question(`\n${question} [Y/n] `, { signal: ended.signal });
    return /^(?:y|yes)?$/i.test(answer.trim());
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return false;
    throw error;
  } finally {
    terminal.close();
  }
}

/** Writes the file, and takes it away again if nightdesk itself could not read it. */
function write(path: string, text: string, env: InitOptions['env']): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    throw new CliProblem(
      `${path} can't be written: ${fileFault(error)}. Name a new file in a folder of this user: --config ~/nightdesk.yaml.`,
      { cause: error },
    );
  }
  try {
    loadConfig(path, env);
  } catch (error) {
    rmSync(path);
    throw error;
  }
}

function describeExisting(path: string, env: InitOptions['env']): string {
  if (statSync(path).isDirectory()) return `${path} is a folder with ${readdirSync(path).length} entries.`;
  try {
    const projects = [...loadConfig(path, env).projects.keys()];
    return `${path} is there already, with ${projects.length === 1 ? 'the project' : `${projects.length} projects:`} ${projects.join(', ')}.`;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return `${path} is there already, and can't be used as it is: \`nightdesk doctor\` says why.`;
  }
}
