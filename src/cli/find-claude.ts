import { join } from 'node:path';

import { findProgram } from '../find-program.ts';

/** Where installers put `claude`, in case a PATH does not have that folder. */
const usualFolders = ['~/.local/bin', '~/.claude/local', '~/.npm-global/bin', '/opt/homebrew/bin', '/usr/local/bin'];

/** Where the `claude` of a person is: in the PATH, else where installers put it. */
export function findClaude(
  pathVariable: string | undefined,
  home: string | undefined,
): { path: string; isInPath: boolean } | undefined {
  const inPath = findProgram('claude', pathVariable);
  if (inPath !== undefined) return { path: inPath, isInPath: true };
  const places = usualFolders.flatMap((folder) => {
    if (!folder.startsWith('~')) return [join(folder, 'claude')];
    return home === undefined ? [] : [join(home, folder.slice(2), 'claude')];
  });
  const path = places.find((place) => findProgram(place, undefined) !== undefined);
  return path === undefined ? undefined : { path, isInPath: false };
}
