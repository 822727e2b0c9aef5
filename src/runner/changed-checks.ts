import { relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { checkFileLabel, findCheckFiles } from '../model/check-files.ts';
import type { Attempt } from './attempt.ts';
import { fieldsOf } from './stream/json-fields.ts';
import { listChanges, type Span } from './workspace/changes.ts';
import type { Workspace } from './workspace/workspace.ts';

/** Names the files of the run's own checks that differ from the base: a check can be made to pass by emptying it. */
export async function findChangedChecks(attempt: Attempt, workspace: Workspace, span: Span): Promise<string[]> {
  const { git, stop, request } = attempt;
  const { root, path } = workspace;
  const changed = await listChanges(git, root, span, stop);
  const labels: string[] = [];
  for (const file of findCheckFiles(changed, request.checks, relative(root, path))) {
    const isMeant = file.kind === 'whole' || (await hasOtherScripts(attempt, root, span, file.path));
    if (isMeant) labels.push(checkFileLabel(file));
  }
  return labels;
}

async function hasOtherScripts(attempt: Attempt, root: string, { from, to }: Span, path: string): Promise<boolean> {
  return !isDeepStrictEqual(await scriptsAt(attempt, root, from, path), await scriptsAt(attempt, root, to, path));
}

/** What is no JSON has no scripts. */
async function scriptsAt({ git, stop }: Attempt, root: string, state: string, path: string): Promise<unknown> {
  // With ./ it is looked up from where git works: in place that may be a part of a repository.
  const shown = await git(root, ['cat-file', 'blob', `${state}:./${path}`], { signal: stop });
  try {
    return shown.isOk ? fieldsOf(JSON.parse(shown.stdout))['scripts'] : undefined;
  } catch {
    return undefined;
  }
}
