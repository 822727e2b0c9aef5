import { UserError } from '../model/user-error.ts';

/** Where a key stands: `['projects', 'api', 'checks', 0]`. */
export type KeyPath = readonly (string | number)[];

/** One thing that is wrong with a configuration. */
export interface Fault {
  key: KeyPath;
  /** From 1; where the key, or for a missing key what should hold it, stands in the file. */
  line?: number | undefined;
  /** From 1; of what YAML itself can't read. */
  column?: number | undefined;
  /** What was given and why it is wrong, never with a secret in it. */
  said: string;
  allowed: string;
}

/** The configuration can't be used. The message lists every fault; it is shown to people as it is. */
export class ConfigError extends UserError {
  readonly faults: readonly Fault[];

  constructor(path: string, faults: readonly Fault[], options?: ErrorOptions) {
    const distinct = new Map(faults.map((fault) => [renderKey(fault.key) + fault.said, fault])).values();
    const ordered = [...distinct].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
    const count = ordered.length === 1 ? '1 fault' : `${ordered.length} faults`;
    super([`${path} can't be used: ${count}.`, ...ordered.map(renderFault)].join('\n\n'), options);
    this.faults = ordered;
  }
}

function renderFault({ key, line, column, said, allowed }: Fault): string {
  const place = [line === undefined ? [] : `line ${line}`, column === undefined ? [] : `column ${column}`].flat();
  const where = [place.join(', '), renderKey(key)].filter((part) => part !== '').join(' · ');
  return `${where === '' ? '' : `${where}: `}${said}\n    allowed: ${allowed}`;
}

/** `projects.api.checks[0]` */
function renderKey(path: KeyPath): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );
}
