import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';

import type { ConfigContext } from './context.ts';

/** Resolves `~`, `~/x` and paths relative to the configuration file. */
export function absolutePath(path: string, { path: configPath, homeDirectory }: ConfigContext): string {
  const withHome = path === '~' || path.startsWith('~/') ? `${homeDirectory}/${path.slice(2)}` : path;
  return resolve(dirname(configPath), withHome);
}

/** A program is looked up in the PATH where its name has no slash, as a shell does. */
export function programPath(program: string, context: ConfigContext): string {
  return program.includes('/') ? absolutePath(program, context) : program;
}

/** Whether `path` is `folder` or lies below it. Both are absolute. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
