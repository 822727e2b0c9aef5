import { existsSync } from 'node:fs';
import { join } from 'node:path';

import * as z from 'zod';

import type { ProgramResult } from '../run-program.ts';
import type { DoctorContext } from './doctor-context.ts';
import { fault, ok, warning, type Finding } from './finding.ts';

/** What `claude auth status --json` says; read with 2.1.330. */
const statusSchema = z.object({
  loggedIn: z.boolean(),
  authMethod: z.string(),
  apiProvider: z.string().optional(),
  apiKeySource: z.string().optional(),
  configDirectory: z.string().optional(),
  loginExpiresAt: z.union([z.string(), z.number()]).nullish(),
});
type Status = z.output<typeof statusSchema>;

const check = 'login of Claude Code';
const loginVariables = ['CLAUDE_CODE_OAUTH_TOKEN', 'ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'];

const setupToken = `run \`claude setup-token\`, set what it prints as CLAUDE_CODE_OAUTH_TOKEN in the environment of nightdesk, and write:
claude:
  env: [CLAUDE_CODE_OAUTH_TOKEN]`;

/** The login that runs find, and who pays. Claude Code does not ask a server here: a key may have been withdrawn. */
export function checkLogin(asked: ProgramResult, childEnv: Record<string, string>, context: DoctorContext): Finding {
  const status = readStatus(asked.stdout);
  if (status === undefined) {
    return warning(check, `it can't be asked for: ${asked.failure}`, 'update Claude Code: claude update');
  }
  if (!status.loggedIn) return notLoggedIn(childEnv, context);
  const expiresAt = status.loginExpiresAt == null ? undefined : new Date(status.loginExpiresAt);
  if (expiresAt !== undefined && expiresAt <= context.now) {
    return fault(check, `it ended at ${expiresAt.toISOString()}`, logInAgain(context));
  }
  if (isInKeychain(status, context)) {
    return fault(
      check,
      'it rests in the keychain of the desktop, which a service of launchd does not reach',
      setupToken,
    );
  }
  return billing(status, childEnv);
}

function readStatus(stdout: string): Status | undefined {
  try {
    return statusSchema.parse(JSON.parse(stdout));
  } catch {
    return undefined;
  }
}

function notLoggedIn(childEnv: Record<string, string>, context: DoctorContext): Finding {
  const set = loginVariables.find((name) => context.env[name] && childEnv[name] === undefined);
  return set === undefined
    ? fault(check, 'there is none in the environment of runs', logInAgain(context))
    : fault(
        check,
        `there is none in the environment of runs; ${set} is set in this terminal, and not passed on`,
        `write:\nclaude:\n  env: [${set}]`,
      );
}

const logInAgain = ({ service }: DoctorContext): string =>
  service === undefined
    ? 'run `claude auth login` as this user; for a service `nightdesk doctor --service` says more'
    : setupToken;

function isInKeychain({ authMethod, configDirectory }: Status, { platform, service }: DoctorContext): boolean {
  if (platform !== 'darwin' || service === undefined || authMethod !== 'claude.ai') return false;
  return configDirectory === undefined || !existsSync(join(configDirectory, '.credentials.json'));
}

function billing({ authMethod, apiProvider, apiKeySource }: Status, childEnv: Record<string, string>): Finding {
  if (authMethod === 'third_party') return ok(check, `by ${apiProvider ?? 'another provider'}, which bills it`);
  if (authMethod !== 'api_key' && apiKeySource === undefined) {
    return ok(
      check,
      `${authMethod === 'oauth_token' ? 'a token from the environment' : authMethod}: billed to that account`,
    );
  }
  const said = `an API key${apiKeySource === undefined ? '' : ` (${apiKeySource})`}: runs are billed to the API`;
  return childEnv['CLAUDE_CODE_OAUTH_TOKEN'] === undefined
    ? ok(check, said)
    : warning(
        check,
        `${said}, although CLAUDE_CODE_OAUTH_TOKEN is passed on too`,
        `take ${apiKeySource ?? 'the key'} out of \`claude.env\` to use the subscription`,
      );
}
