import type { ScheduleCommand } from '../command.ts';
import type { ScheduleFlag } from './flag-rules.ts';
import {
  readAccept,
  readBudgetUsd,
  readCatchUp,
  readCatchUpWithinMs,
  readModel,
  readNotify,
  readOverlap,
  readProject,
  readRetries,
  readTimeoutMs,
  readWhen,
  readZone,
} from './flag-values.ts';
import { parseJobName } from './job-name.ts';

/** What a flag's value says of a job. */
export type Settings = Partial<Omit<ScheduleCommand, 'name' | 'goal'>>;

/** What a value says of a job, by the flag it stands behind. They throw a `UserError`. */
export const settingReaders: Record<ScheduleFlag, (value: string) => Settings> = {
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
  overlap: (value) => ({ overlap: readOverlap(value) }),
  'catch-up': (value) => ({ catchUp: readCatchUp(value) }),
  'catch-up-within': (value) => ({ catchUpWithinMs: readCatchUpWithinMs(value) }),
};
