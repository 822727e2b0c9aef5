import { flagRules, type FlagName } from './flag-rules.ts';
import { mistake, shown } from './mistake.ts';
import type { FlagValue } from './split-flags.ts';

/** Throws a UserError for a flag that is given twice, unless it says one check of several. */
export function refuseRepeated(flags: readonly FlagValue[]): void {
  const first = new Map<FlagName, FlagValue>();
  for (const flag of flags) {
    const earlier = first.get(flag.name);
    if (earlier && !flag.name.endsWith('accept')) {
      throw mistake(
        `\`--${flag.name}\` is given twice: ${shown(earlier.value)} and ${shown(flag.value)}.`,
        'Only `--accept` may be repeated.',
        flagRules[flag.name].example,
      );
    }
    first.set(flag.name, flag);
  }
}
