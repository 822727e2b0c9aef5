import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Project } from '../../model/project.ts';
import { findProgram } from '../../find-program.ts';
import { runProgram } from '../run-program.ts';
import { fault, warning, type Finding } from './finding.ts';

/** Whether the programs of a project's set-up and checks are there, and the files that are copied. */
export async function checkSetUp(
  project: Project,
  env: Record<string, string>,
  terminalPath: string | undefined,
): Promise<Finding[]> {
  const check = `project ${project.name}`;
  const commands = [
    ...(project.setup === undefined ? [] : [{ what: 'its set-up', command: project.setup }]),
    ...project.checks.flatMap((each) => (each.kind === 'command' ? [{ what: 'a check', command: each.command }] : [])),
  ];
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const { what, command } of commands) {
    const program = firstProgram(command);
    if (program === undefined || seen.has(program)) continue;
    seen.add(program);
    if (!(await isThere(program, project.path, env)))
      findings.push(missing({ check, what, program, path: env['PATH'], terminalPath }));
  }
  const gone = project.copy.filter((file) => !existsSync(join(project.path, file)));
  if (gone.length > 0) {
    const toDo = `make them there, or take them out of projects.${project.name}.copy`;
    findings.push(warning(check, `files that are to be copied are not there: ${gone.join(', ')}`, toDo));
  }
  return findings;
}

interface Missing {
  check: string;
  what: string;
  program: string;
  /** The PATH of runs, and that of who asks. */
  path: string | undefined;
  terminalPath: string | undefined;
}

/** The program of a simple command; `undefined` where the shell has more to say than a name. */
function firstProgram(command: string): string | undefined {
  const word = command.split(/\s+/).find((part) => !/^\w+=/.test(part));
  return word !== undefined && /^[\w./+-]+$/.test(word) ? word : undefined;
}

/** Asks bash, which knows its own words as well. */
async function isThere(program: string, cwd: string, env: Record<string, string>): Promise<boolean> {
  const asked = await runProgram(['bash', '-c', 'type -- "$1"', 'bash', program], { env, cwd, timeoutMs: 5_000 });
  return asked.isOk;
}

function missing({ check, what, program, path, terminalPath }: Missing): Finding {
  // A program of the project itself may be made by the set-up, or be on another branch.
  if (program.includes('/')) {
    return warning(
      check,
      `${what} wants ${program}, which is not in its folder`,
      'see that it is there on the branch that runs start from',
    );
  }
  const here = findProgram(program, terminalPath);
  const said = `${what} wants ${program}, which is not in the PATH of runs, ${path ?? ''}`;
  return fault(
    check,
    said,
    here === undefined
      ? `install ${program}, or correct the command`
      : `write:\nclaude:\n  env:\n    PATH: ${dirname(here)}:\${PATH}`,
  );
}
