import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { DoctorContext } from '../../../src/cli/doctor/doctor-context.ts';
import { examine } from '../../../src/cli/doctor/examine.ts';
import type { Finding } from '../../../src/cli/doctor/finding.ts';
import { makeRepository, tempFolder } from '../../support/temp-repository.ts';

export interface DoctorPlace {
  folder: string;
  config: string;
  /** A repository with one commit. */
  project: string;
  data: string;
  /** Of the terminal; with a `claude` that is logged in. */
  env: Record<string, string>;
  /** Writes the configuration: a sound one, with these keys in place of its own. */
  write(yaml?: object): void;
  examine(context?: Partial<DoctorContext>): Promise<Finding[]>;
  /** The findings of one check. */
  of(check: string, context?: Partial<DoctorContext>): Promise<Finding[]>;
}

const loggedIn = { loggedIn: true, authMethod: 'claude.ai', apiProvider: 'firstParty' };

/** A machine on which all is well: a project, a data directory, and a `claude` that is logged in. */
export function makeDoctorPlace(): DoctorPlace {
  const folder = tempFolder();
  const [config, data, bin] = [join(folder, 'nightdesk.yaml'), join(folder, 'data'), join(folder, 'bin')];
  const env = { PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`, HOME: folder };
  mkdirSync(data, { mode: 0o700 });
  plantClaude(bin, loggedIn);
  const place: DoctorPlace = {
    folder,
    config,
    data,
    env,
    project: makeRepository(join(folder, 'project'), { a: 'a' }),
    // JSON is YAML.
    write: (yaml = {}) =>
      writeFileSync(
        config,
        JSON.stringify({ projects: { api: { path: 'project' } }, dataDirectory: 'data', web: { port: 0 }, ...yaml }),
      ),
    examine: (context = {}) =>
      examine(config, {
        env,
        platform: 'linux',
        isRoot: false,
        service: undefined,
        now: new Date('2026-11-22T09:00:00Z'),
        ...context,
      }),
    of: async (check, context) => (await place.examine(context)).filter((finding) => finding.check === check),
  };
  place.write();
  return place;
}

/** A `claude` that tells its version, and what it is given as the status of its login. */
export function plantClaude(folder: string, status: object, version = '2.1.330 (Claude Code)'): string {
  const path = join(folder, 'claude');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `#!/bin/sh\n[ "$1" = --version ] && echo '${version}' || echo '${JSON.stringify(status)}'\n`);
  chmodSync(path, 0o755);
  return path;
}
