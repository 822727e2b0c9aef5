import { findProgram } from '../../find-program.ts';
import { fault, ok, type Finding } from './finding.ts';

/** Set-up commands and checks run in bash. */
export function checkShell(env: Record<string, string>): Finding {
  const bash = findProgram('bash', env['PATH']);
  return bash === undefined
    ? fault(
        'bash',
        `there is none in the PATH of runs, ${env['PATH'] ?? ''}`,
        'install bash: set-up and checks run in it',
      )
    : ok('bash', bash);
}
