import type { Config } from '../../config/config-value.ts';
import { claudeEnv } from '../../runner/child-env.ts';
import { findClaude } from '../find-claude.ts';
import { findProgram } from '../../find-program.ts';
import { runProgram } from '../run-program.ts';
import { checkLogin } from './check-login.ts';
import type { DoctorContext } from './doctor-context.ts';
import { fault, ok, warning, type Finding } from './finding.ts';
import { isVersionAtLeast, versionIn } from './version-at-least.ts';

/** The oldest that nightdesk was tried with. */
const oldestClaude = '2.1.197';
const timeoutMs = 10_000;
const check = 'Claude Code';

/** Claude Code as the runs find it and in their environment: the program, its version, its login. */
export async function checkClaude(config: Config, context: DoctorContext): Promise<Finding[]> {
  const env = claudeEnv(config.claude.env);
  const [program, ...rest] = config.claude.command;
  const found = findProgram(program, env['PATH']);
  if (found !== undefined)
    return [await checkVersion([found, ...rest], env), await askForLogin([found, ...rest], env, context)];
  const elsewhere = findClaude(context.env['PATH'], context.env['HOME'])?.path;
  const missing = missingClaude(config, context, elsewhere);
  // Whoever has that mended must not come back for the login.
  return elsewhere === undefined ? [missing] : [missing, await askForLogin([elsewhere], env, context)];
}

type Command = [string, ...string[]];
type ChildEnv = Record<string, string>;

async function checkVersion(command: Command, env: ChildEnv): Promise<Finding> {
  const asked = await runProgram([...command, '--version'], { env, timeoutMs });
  const version = versionIn(asked.stdout);
  if (version === undefined) {
    const said = `\`${command.join(' ')} --version\` gives none: ${asked.failure}`;
    return fault(check, said, 'run it in a terminal to see what is wrong, or install it again');
  }
  const said = `${version}, ${command.join(' ')}`;
  if (isVersionAtLeast(version, oldestClaude)) return ok(check, said);
  return warning(
    check,
    `${said}, is older than any that nightdesk was tried with`,
    `update it to ${oldestClaude} or newer: claude update`,
  );
}

async function askForLogin(command: Command, env: ChildEnv, context: DoctorContext): Promise<Finding> {
  const asked = await runProgram([...command, 'auth', 'status', '--json'], { env, timeoutMs });
  return checkLogin(asked, env, context);
}

function missingClaude({ claude, path }: Config, { service }: DoctorContext, elsewhere: string | undefined): Finding {
  const [program] = claude.command;
  const where = service === undefined ? 'the PATH of runs' : `the PATH that ${service.name} gives to runs`;
  return fault(
    check,
    program.includes('/')
      ? `there is no program ${program}`
      : `there is no ${program} in ${where}, ${claude.env['PATH'] ?? ''}`,
    elsewhere === undefined
      ? 'install it: npm install --global @anthropic-ai/claude-code'
      : `write into ${path}:\nclaude:\n  command: ${elsewhere}`,
  );
}
