import type { EndedCommand } from './attempt-commands.ts';

/** Says which processes outlived their command and were ended. */
export function remarksOnLeftovers(commands: EndedCommand[]): string[] {
  return commands.flatMap(({ label, outcome: { left } }) => {
    if (left.count === 0) return [];
    const names = left.names.length === 0 ? '' : `: ${[...new Set(left.names)].join(', ')}`;
    return left.count === 1
      ? [`1 process was left running after ${label} and was ended${names}`]
      : [`${left.count} processes were left running after ${label} and were ended${names}`];
  });
}
