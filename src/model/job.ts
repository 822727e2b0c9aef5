import type { Check } from './check.ts';
import type { CatchUpRule, OverlapRule } from './overlap.ts';
import type { Schedule } from './schedule/schedule.ts';

/** Who gets a new message with the result that mentions the owner: on failure only, always, or never. */
export const notifyRules = ['failure', 'always', 'never'] as const;
export type NotifyRule = (typeof notifyRules)[number];

/** How a job's runs run. `budgetUsd` is for a whole run, over its attempts; `undefined` is no limit. */
export interface RunSettings {
  /** Time limit of one attempt's Claude Code. */
  timeoutMs: number;
  /** How many attempts may follow the first one. */
  retries: number;
  budgetUsd?: number | undefined;
  model?: string | undefined;
  notify: NotifyRule;
  overlap: OverlapRule;
  catchUp: CatchUpRule;
  /** An occurrence that is later than this is not caught up. */
  catchUpWithinMs: number;
}

/** What somebody asked for. `schedule: null` runs on demand only. */
export interface Job {
  id: number;
  /** A unique slug: `upgrade-deps`. */
  name: string;
  goal: string;
  project: string;
  checks: Check[];
  schedule: Schedule | null;
  settings: RunSettings;
  /** Opaque channel reference with its platform in front: `web:general`. */
  channel: string;
  /** Person reference with its platform in front: `web:ada`. */
  owner: string;
  /** Who scheduled it, where it was given to another owner since. */
  scheduledBy?: string | null;
  /** A paused job has no occurrences; `until: null` is until somebody resumes it. */
  paused: { until: Date | null } | null;
  createdAt: Date;
}
