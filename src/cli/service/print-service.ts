import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

import { findConfigPath, homeOf, userNameOf } from '../../config.ts';
import { findProgram } from '../../find-program.ts';
import { UserError } from '../../model/user-error.ts';
import { serviceManager } from '../doctor/service-env.ts';
import { findClaude } from '../find-claude.ts';
import { renderLaunchdPlist } from './render-launchd-plist.ts';
import { renderSystemdUnit } from './render-systemd-unit.ts';
import type { ServiceFacts } from './service-facts.ts';

export interface PrintServiceOptions {
  manager: 'systemd' | 'launchd';
  configFlag: string | undefined;
  env: Record<string, string | undefined>;
  /** What this command was started as: an absolute path. */
  program: string;
}

const renderers = { systemd: renderSystemdUnit, launchd: renderLaunchdPlist };

/** Prints what makes a service of the nightdesk that this is. Throws a `UserError` where there is no configuration. */
export function printService({ manager, configFlag, env, program }: PrintServiceOptions): void {
  const configPath = findConfigPath(configFlag, env, process.cwd());
  if (!existsSync(configPath)) {
    throw new UserError(
      `There is no ${configPath}. \`nightdesk init\` writes one; --config names one that is elsewhere.`,
    );
  }
  if (!statSync(configPath).isFile()) {
    throw new UserError(`${configPath} is not a file. --config names a configuration, such as ~/nightdesk.yaml.`);
  }
  const username = userNameOf(env);
  if (username === '') {
    throw new UserError(
      'This user has no name on this machine, and a service needs one. Print it as the user that the service is to run under: sudo -u nightdesk nightdesk service systemd.',
    );
  }
  const home = homeOf(env);
  const path = pathOf(manager, { home, user: username, env });
  const facts = { node: process.execPath, program, configPath, user: username, home, path };
  const unclear = Object.values(facts).find(hasControl);
  if (unclear !== undefined) throw new UserError(`${JSON.stringify(unclear)} can't be written into a service's file.`);
  process.stdout.write(renderers[manager](facts));
}

/** Where Node, git and Claude Code are on this machine, before what the manager sets itself. */
function pathOf(
  manager: PrintServiceOptions['manager'],
  { home, user, env }: { home: string; user: string; env: PrintServiceOptions['env'] },
): ServiceFacts['path'] {
  const usual = serviceManager(manager === 'launchd' ? 'darwin' : 'linux', { name: user, home, shell: undefined });
  const found = [process.execPath, findClaude(env['PATH'], home)?.path, findProgram('git', env['PATH'])];
  const needed = found.flatMap((path) => (path === undefined ? [] : [dirname(path)]));
  return [...new Set([...needed, ...(usual.env['PATH'] ?? '').split(':')])].join(':');
}

// oxlint-disable-next-line no-control-regex -- what would begin a line of its own is what is looked for
const hasControl = (text: string): boolean => /[\0-\x1F\x7F]/.test(text);
