import { isUtf8 } from 'node:buffer';
import { existsSync, realpathSync, statSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import type { Environment } from './config/child-env.ts';
import type { Config } from './config/config-value.ts';
import type { ConfigContext, Folder } from './config/context.ts';
import { ConfigError, type Fault } from './config/fault.ts';
import { faultsOf } from './config/faults-of.ts';
import { personName } from './config/person-name.ts';
import { prune } from './config/prune.ts';
import { resolveConfig } from './config/resolve.ts';
import { configSchema, type Names, type ReadConfig } from './config/schema.ts';
import { readYaml } from './config/yaml-source.ts';
import { readPlainFile, UnreadableFile } from './read-plain-file.ts';

/**
 * Where the configuration is: `--config`, else NIGHTDESK_CONFIG, else nightdesk.yaml in the working directory; an absolute
 * path.
 */
export function findConfigPath(flag: string | undefined, env: Environment, workingDirectory: string): string {
  return resolve(workingDirectory, flag ?? (env['NIGHTDESK_CONFIG'] || 'nightdesk.yaml'));
}

/** Reads and checks the configuration at an absolute path. Throws a ConfigError that lists all faults. */
export function loadConfig(path: string, env: Environment): Config {
  return parseConfig(readConfigFile(path), {
    path,
    env,
    hostname: hostname(),
    hostZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    userName: userNameOf(env),
    homeDirectory: homeOf(env),
    lookAt,
  });
}

/** The pure part of `loadConfig`: the file's text and everything around it in, the configuration or a ConfigError out. */
export function parseConfig(yamlText: string, context: ConfigContext): Config {
  const source = readYaml(yamlText);
  const fail = (faults: readonly Fault[]): never => {
    throw new ConfigError(
      context.path,
      faults.map((fault) => ({ line: source.lineOf(fault.key), ...fault })),
    );
  };
  if (source.syntaxFaults.length > 0) return fail(source.syntaxFaults);

  const names = namesIn(source.data, context);
  const { sound, faults } = readSound(configSchema(names), source.data);
  if (names.projects.length === 0 && !faults.some(saysProjectsAreWrong)) faults.push(noProject);
  const resolved = resolveConfig(sound, context);
  const all = [...source.faults, ...faults, ...resolved.faults];
  return all.length > 0 ? fail(all) : resolved.config;
}

/** Reads what is right of data with faults, so that one message can have the faults between keys as well. */
function readSound(schema: ReturnType<typeof configSchema>, given: unknown): { sound: ReadConfig; faults: Fault[] } {
  const first = schema.safeParse(given);
  if (first.success) return { sound: first.data, faults: [] };
  const faults = faultsOf(first.error.issues, schema, given);
  let data = given;
  let left = faults;
  while (left.length > 0) {
    const smaller = prune(
      data,
      left.map(({ key }) => key),
    );
    if (isDeepStrictEqual(smaller, data))
      throw new Error('the schema refuses what has no fault', { cause: first.error });
    data = smaller;
    const again = schema.safeParse(data);
    if (again.success) return { sound: again.data, faults };
    left = faultsOf(again.error.issues, schema, data);
  }
  throw new Error('the schema refuses without a reason', { cause: first.error });
}

const noProject: Fault = {
  key: ['projects'],
  said: 'names no project',
  allowed: 'at least one, such as `projects: { api: { path: ~/src/api } }`',
};

/** Whether a fault is about the whole file, about `projects`, or about a key that was meant to be it. */
function saysProjectsAreWrong({ key, said }: Fault): boolean {
  return key.length === 0 || key[0] === 'projects' || said.includes('`projects`');
}

/** The names that other keys refer to, from data that may have any faults. */
function namesIn(data: unknown, { env, userName }: ConfigContext): Names {
  const at = (value: unknown, key: string): unknown =>
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  const projects = at(data, 'projects');
  const people = at(at(data, 'web'), 'people');
  return {
    env,
    projects:
      typeof projects === 'object' && projects !== null && !Array.isArray(projects) ? Object.keys(projects) : [],
    people: Array.isArray(people) ? people.map(String) : [personName(userName)],
  };
}

/** Far above what anybody writes. */
const maxFileBytes = 1024 * 1024;

function readConfigFile(path: string): string {
  const allowed = 'a YAML file, named by --config or NIGHTDESK_CONFIG; `nightdesk init` writes one';
  const fail = (said: string, cause?: unknown): never => {
    throw new ConfigError(path, [{ key: [], said, allowed }], { cause });
  };
  try {
    const bytes = readPlainFile(path, maxFileBytes);
    return isUtf8(bytes) && !bytes.includes(0) ? bytes.toString('utf8') : fail('it is no text');
  } catch (error) {
    if (error instanceof UnreadableFile) return fail(error.message, error);
    throw error;
  }
}

/** The user's name on the host; empty where there is none. */
export function userNameOf(env: Environment): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return env['USER'] ?? '';
  }
}

/** The user's home; for one who has none the place that Debian gives such users, where nothing is. */
export function homeOf(env: Environment): string {
  try {
    return env['HOME'] || homedir();
  } catch {
    return '/nonexistent';
  }
}

function lookAt(path: string): Folder {
  try {
    const realPath = realpathSync(path);
    if (!statSync(realPath).isDirectory()) return { kind: 'other', realPath };
    if (existsSync(join(realPath, '.git'))) return { kind: 'repository', realPath };
    return { kind: isBelowRepository(realPath) ? 'inside-repository' : 'directory', realPath };
  } catch {
    // Not there, or not to be seen by this user: for a run it is the same.
    return { kind: 'missing', realPath: path };
  }
}

function isBelowRepository(path: string): boolean {
  const parent = dirname(path);
  return parent !== path && (existsSync(join(parent, '.git')) || isBelowRepository(parent));
}
