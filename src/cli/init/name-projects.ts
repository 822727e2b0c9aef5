import { basename } from 'node:path';

/** Names that YAML or the configuration takes for something else. */
const reserved = new Set(['admins', 'null', 'true', 'false']);

/** A short name for each path: its folder's, in small letters; a number is added where it is taken. */
export function nameProjects(paths: readonly string[]): Map<string, string> {
  const named = new Map<string, string>();
  for (const path of paths) {
    const slug = basename(path)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 36)
      .replace(/-$/, '');
    const base = slug === '' || reserved.has(slug) || /^\d/.test(slug) ? `project-${slug}`.replace(/-$/, '') : slug;
    let name = base;
    for (let number = 2; named.has(name); number += 1) name = `${base.slice(0, 36)}-${number}`;
    named.set(name, path);
  }
  return named;
}
