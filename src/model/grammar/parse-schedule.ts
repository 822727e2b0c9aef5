import type { ScheduleCommand } from '../command.ts';
import { scheduleFlags } from './flag-sets.ts';
import { readGoal } from './flag-values.ts';
import { refuseTooManyChecks } from './too-many-checks.ts';
import { isBlank } from './invisible.ts';
import { mistake, shownFlag } from './mistake.ts';
import { refuseRepeated } from './refuse-repeated.ts';
import { settingReaders } from './setting-readers.ts';
import { splitFlags, type FlagValue } from './split-flags.ts';
import { descriptions } from './subcommands.ts';

/** Reads what stands behind `schedule`; `splitFlags` has the rules. Throws a UserError. */
export function parseSchedule(text: string, { commandName }: { commandName: string }): ScheduleCommand {
  const { goal, flags } = splitFlags(text, scheduleFlags);
  refuseRepeated(flags);
  const settings = flags.map(({ name, value }) => settingReaders[name](value));
  const accept = settings.flatMap((setting) => setting.accept ?? []);
  refuseTooManyChecks(accept.length);
  refuseEmptyGoal(goal, flags, commandName);
  return { ...(Object.assign({}, ...settings) as Partial<ScheduleCommand>), name: 'schedule', goal, accept };
}

function refuseEmptyGoal(goal: string, flags: FlagValue[], commandName: string): void {
  const example = `${commandName} ${descriptions.schedule.example}`;
  if (!isBlank(goal)) {
    readGoal(goal, example);
    return;
  }
  const greedy = flags.find((flag) => /^(?:when|accept)$/.test(flag.name) && flag.value.includes(' '));
  const taken = greedy
    ? ` ${shownFlag(greedy.name, greedy.value)} may have taken it: its value needs quotes then.`
    : '';
  throw mistake(`The goal is missing.${taken}`, 'A goal says what Claude is to do, in front of the flags.', example);
}
