import { ApiFault } from '../api-fault.ts';

export interface Problems {
  /** `path`: `['embeds', 0, 'title']`. */
  add(path: readonly (string | number)[], code: string, message: string): void;
  /** Throws 50035 with everything that was added, each at its path. */
  refuse(): void;
}

/** Collects what is wrong with a body, as Discord tells it: `errors.embeds["0"].title._errors[]`. */
export function createProblems(): Problems {
  const errors: Tree = {};
  let isEmpty = true;
  return {
    add(path, code, message) {
      isEmpty = false;
      let at = errors;
      for (const key of path) at = (at[String(key)] ??= {}) as Tree;
      ((at['_errors'] ??= []) as unknown[]).push({ code, message });
    },
    refuse() {
      if (!isEmpty) throw new ApiFault(400, 50035, 'Invalid Form Body', errors);
    },
  };
}

interface Tree {
  [key: string]: Tree | unknown[];
}
