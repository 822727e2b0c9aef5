import { posix } from 'node:path';

import type { Git } from './git.ts';

/** The files of a commit as a checkout would show them: links are followed as far as they stay in the repository. */
export interface CommitView {
  /** What a file has; `undefined` where there is none. */
  read(path: string): Promise<string | undefined>;
  /** Relative to `path`, each folder once, however many links lead to it; `''` is `path` itself, where that is no folder. */
  filesBelow(path: string, maxFiles: number): Promise<string[]>;
}

interface Entry {
  path: string;
  /** `other`: a submodule. */
  kind: 'file' | 'folder' | 'link' | 'other';
  object: string;
}

const kinds: Record<string, Entry['kind']> = { '040000': 'folder', '120000': 'link', '160000': 'other' };
/** As many as the system follows. */
const maxLinks = 40;

export function viewCommit(git: Git, root: string, commit: string): CommitView {
  const listings = new Map<string, Map<string, Entry>>();

  async function list(folder: string): Promise<Map<string, Entry>> {
    const known = listings.get(folder);
    if (known !== undefined) return known;
    const { stdout } = await git(root, ['ls-tree', '-z', '--full-tree', `${commit}:${folder}`]);
    const entries = stdout.split('\0').flatMap((line): [string, Entry][] => {
      const [, mode = '', object = '', name = ''] = /^(\d+) \w+ (\w+)\t(.+)$/s.exec(line) ?? [];
      return name === '' ? [] : [[name, { path: posix.join(folder, name), kind: kinds[mode] ?? 'file', object }]];
    });
    const listing = new Map(entries);
    listings.set(folder, listing);
    return listing;
  }

  async function text(object: string): Promise<string | undefined> {
    const shown = await git(root, ['cat-file', 'blob', object]);
    return shown.isOk ? shown.stdout : undefined;
  }

  async function follow(path: string): Promise<Entry | undefined> {
    const top: Entry = { path: '', kind: 'folder', object: commit };
    const rest = path.split('/');
    let at = top;
    let links = 0;
    for (let part = rest.shift(); part !== undefined; part = rest.shift()) {
      if (part === '' || part === '.') continue;
      if (part === '..') {
        if (at.path === '') return undefined;
        const above = posix.dirname(at.path);
        at = above === '.' ? top : { ...top, path: above };
        continue;
      }
      const next: Entry | undefined = at.kind === 'folder' ? (await list(at.path)).get(part) : undefined;
      if (next?.kind !== 'link') {
        if (next === undefined) return undefined;
        at = next;
        continue;
      }
      links += 1;
      const target = await text(next.object);
      if (links > maxLinks || target === undefined || posix.isAbsolute(target)) return undefined;
      rest.unshift(...target.split('/'));
    }
    return at;
  }

  /** Whether something has this name, a link that leads nowhere too. */
  async function isThere(path: string): Promise<boolean> {
    const folder = await follow(posix.dirname(path));
    return folder?.kind === 'folder' && (await list(folder.path)).has(posix.basename(path));
  }

  return {
    async read(path) {
      const found = await follow(path);
      return found?.kind === 'file' ? await text(found.object) : undefined;
    },
    async filesBelow(top, maxFiles) {
      const seen = new Set<string>();
      const found: string[] = [];
      const look = async (name: string): Promise<void> => {
        const path = posix.join(top, name);
        const entry = await follow(path);
        if (entry?.kind === 'other') return;
        if (entry?.kind !== 'folder') {
          if (await isThere(path)) found.push(name);
          return;
        }
        if (seen.has(entry.path)) return;
        seen.add(entry.path);
        for (const child of [...(await list(entry.path)).keys()].toSorted()) {
          if (found.length < maxFiles) await look(posix.join(name, child));
        }
      };
      await look('');
      return found;
    },
  };
}
