import type { KeyPath } from './fault.ts';

type Data = Record<string, unknown>;

/**
 * A copy of plain data without the values at `paths`. A list goes as a whole when one of its items does; where a key is
 * missing, what lacks it goes.
 */
export function prune(data: unknown, paths: readonly KeyPath[]): unknown {
  const copy: unknown = structuredClone(data);
  for (const path of paths.map((path) => existingPart(data, path))) {
    const last = path.at(-1);
    if (last === undefined) return {};
    const parent = path.slice(0, -1).reduce<unknown>((value, key) => (value as Data | undefined)?.[key], copy);
    if (isMap(parent)) delete parent[last];
  }
  return copy;
}

/** As much of the path as there is, down to the first list. */
function existingPart(data: unknown, path: KeyPath): string[] {
  const keys: string[] = [];
  let value = data;
  for (const key of path) {
    if (!isMap(value) || !Object.hasOwn(value, key)) break;
    value = value[key];
    keys.push(String(key));
  }
  return keys;
}

const isMap = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value);
