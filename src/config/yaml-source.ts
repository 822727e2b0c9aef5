import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Document, type Node } from 'yaml';

import { holdsSecret } from '../model/secret.ts';
import type { Fault, KeyPath } from './fault.ts';

/** A configuration file as plain data, with the place of each key and the faults that YAML itself has. */
export interface YamlSource {
  data: unknown;
  /** Faults after which the data can't be trusted. */
  syntaxFaults: Fault[];
  /** Keys that stand twice, and secrets that are written out. */
  faults: Fault[];
  /** The line of a key, or of the nearest key around it that is there. */
  lineOf(path: KeyPath): number | undefined;
}

/** Reads YAML 1.2. An empty file is an empty map. */
export function readYaml(text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems = [...document.errors, ...document.warnings];
  const syntaxFaults = problems
    .filter((problem) => problem.code !== 'DUPLICATE_KEY')
    .slice(0, 1)
    .map(({ code, message, pos }) =>
      syntaxFault(code === 'MULTIPLE_DOCS' ? 'a second document begins here' : message, lines.linePos(pos[0]), text),
    );
  if (syntaxFaults.length === 0) syntaxFaults.push(...aliasFaults(document, lines));
  const data = syntaxFaults.length > 0 ? undefined : toData(document);
  if (data === tooManyAliases) syntaxFaults.push(aliasFlood);
  const duplicates = document.errors
    .filter((error) => error.code === 'DUPLICATE_KEY')
    .map((error) => duplicateFault(document, lines, error.pos[0]));
  return {
    data: syntaxFaults.length > 0 ? undefined : data,
    syntaxFaults,
    faults: [...duplicates, ...secretFaults(document, lines)],
    lineOf: (path) => lineOf(document, lines, path),
  };
}

const tooManyAliases = Symbol('too many aliases');
const aliasFlood: Fault = {
  key: [],
  said: 'refers to its anchors more often than can be read',
  allowed: 'an anchor that is referred to by hundreds of keys at most, and none inside of another',
};

/** `yaml` counts each alias by what its anchor itself refers to, since few of them can stand for billions of values. */
function toData(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 1_000 }) ?? {};
  } catch (error) {
    if (error instanceof ReferenceError) return tooManyAliases;
    throw error;
  }
}

function syntaxFault(message: string, at: { line: number; col: number }, text: string): Fault {
  const shown = text.split(/\r?\n/)[at.line - 1] ?? '';
  const quoted = holdsSecret(shown) ? '' : `\n    | ${shown}\n    | ${' '.repeat(Math.max(0, at.col - 1))}^`;
  return {
    key: [],
    line: at.line,
    column: at.col,
    said: `this can't be read as YAML: ${message}${quoted}`,
    allowed: 'YAML with spaces for indentation; text with `: `, ` #` or a special first character in quotes',
  };
}

function aliasFaults(document: Document, lines: LineCounter): Fault[] {
  const faults: Fault[] = [];
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document)) return;
      faults.push({
        key: [],
        line: alias.range ? lines.linePos(alias.range[0]).line : undefined,
        said: `\`*${alias.source}\` refers to an anchor that is not set before it`,
        allowed: `\`&${alias.source}\` before it, or quotes around a text that begins with *`,
      });
    },
  });
  return faults;
}

function duplicateFault(document: Document, lines: LineCounter, offset: number): Fault {
  let key: KeyPath = [];
  visit(document, {
    Pair(_, pair, ancestors) {
      if (isScalar(pair.key) && pair.key.range?.[0] === offset) key = [...pathOf(ancestors), String(pair.key.value)];
    },
  });
  return { key, line: lines.linePos(offset).line, said: 'this key stands twice', allowed: 'each key once' };
}

function secretFaults(document: Document, lines: LineCounter): Fault[] {
  const faults: Fault[] = [];
  visit(document, {
    Scalar(slot, scalar, ancestors) {
      if (slot === 'key' || typeof scalar.value !== 'string' || !holdsSecret(scalar.value)) return;
      const key = [...pathOf(ancestors), ...(typeof slot === 'number' ? [slot] : [])];
      faults.push({
        key,
        line: scalar.range ? lines.linePos(scalar.range[0]).line : undefined,
        said: 'a secret is written here (not shown)',
        allowed:
          key[0] === 'slack'
            ? 'tokens from the environment only: SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET'
            : 'secrets from the environment only: set a variable there and name it in `claude.env`',
      });
    },
  });
  return faults;
}

/** The path of a node from the chain of nodes and pairs above it, as `visit` gives it. */
function pathOf(ancestors: readonly unknown[]): KeyPath {
  return ancestors.flatMap((ancestor, index): (string | number)[] => {
    const child = ancestors[index + 1];
    if (isSeq(ancestor) && child !== undefined) return [ancestor.items.indexOf(child)];
    const key = (ancestor as { key?: unknown }).key;
    return isScalar(key) ? [String(key.value)] : [];
  });
}

function lineOf(document: Document, lines: LineCounter, path: KeyPath): number | undefined {
  let node: Node | null = document.contents;
  let offset: number | undefined;
  for (const part of path) {
    const resolved: Node | null | undefined = isAlias(node) ? node.resolve(document) : node;
    if (isMap(resolved)) {
      // The last one of equal keys is the one whose value counts.
      const pair = resolved.items.findLast(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (!pair) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else if (isSeq(resolved)) {
      const item = resolved.items[Number(part)] as Node | undefined;
      if (!item) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else break;
  }
  return offset === undefined ? undefined : lines.linePos(offset).line;
}
