import type { ScheduleCommand } from '../command.ts';
import { flagRules, type FlagName } from './flag-rules.ts';
import {
  readAccept,
  readBudgetUsd,
  readModel,
  readNotify,
  readProject,
  readRetries,
  readTimeoutMs,
  readWhen,
  readZone,
} from './flag-values.ts';
import { isBlank } from './invisible.ts';
import { parseJobName } from './job-name.ts';
import { mistake, shown, shownFlag } from './mistake.ts';
import { splitFlags, type FlagValue } from './split-flags.ts';
import { descriptions } from './subcommands.ts';

const maxChecks = 20;

const readers: Record<FlagName, (value: string) => Partial<ScheduleCommand>> = {
  project: (value) => ({ project: readProject(value) }),
  when: (value) => ({ when: readWhen(value) }),
  zone: (value) => ({ zone: readZone(value) }),
  accept: (value) => ({ accept: [readAccept(value)] }),
  timeout: (value) => ({ timeoutMs: readTimeoutMs(value) }),
  retries: (value) => ({ retries: readRetries(value) }),
  budget: (value) => ({ budgetUsd: readBudgetUsd(value) }),
  model: (value) => ({ model: readModel(value) }),
  name: (value) => ({ jobName: parseJobName(value) }),
  notify: (value) => ({ notify: readNotify(value) }),
};

/** Reads what stands behind `schedule`; `splitFlags` has the rules. Throws a UserError. */
export function parseSchedule(text: string, { commandName }: { commandName: string }): ScheduleCommand {
  const { goal, flags } = splitFlags(text);
  refuseRepeated(flags);
  const settings = flags.map(({ name, value }) => readers[name](value));
  const accept = settings.flatMap((setting) => setting.accept ?? []);
  if (accept.length > maxChecks) throw tooManyChecks(accept.length);
  refuseEmptyGoal(goal, flags, commandName);
  return { ...(Object.assign({}, ...settings) as Partial<ScheduleCommand>), name: 'schedule', goal, accept };
}

function tooManyChecks(count: number) {
  return mistake(
    `There are ${count} checks.`,
    `A job has up to ${maxChecks}; a script can hold more.`,
    '--accept "$ scripts/check-all.sh"',
  );
}

function refuseRepeated(flags: FlagValue[]): void {
  const first = new Map<FlagName, FlagValue>();
  for (const flag of flags) {
    const earlier = first.get(flag.name);
    if (earlier && flag.name !== 'accept') {
      throw mistake(
        `\`--${flag.name}\` is given twice: ${shown(earlier.value)} and ${shown(flag.value)}.`,
        'Only `--accept` may be repeated.',
        flagRules[flag.name].example,
      );
    }
    first.set(flag.name, flag);
  }
}

function refuseEmptyGoal(goal: string, flags: FlagValue[], commandName: string): void {
  if (!isBlank(goal) && /[\p{L}\p{N}]/u.test(goal)) return;
  const example = `${commandName} ${descriptions.schedule.example}`;
  if (!isBlank(goal)) {
    throw mistake(`The goal ${shown(goal)} has no word in it.`, 'A goal says what Claude is to do.', example);
  }
  const greedy = flags.find((flag) => /^(?:when|accept)$/.test(flag.name) && flag.value.includes(' '));
  const taken = greedy
    ? ` ${shownFlag(greedy.name, greedy.value)} may have taken it: its value needs quotes then.`
    : '';
  throw mistake(`The goal is missing.${taken}`, 'A goal says what Claude is to do, in front of the flags.', example);
}
