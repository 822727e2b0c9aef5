import * as z from 'zod';

import { notifyRules } from './job.ts';
import { catchUpRules, overlapRules } from './overlap.ts';

/**
 * What a person asked for, on whatever platform. References to jobs and runs are as typed (`upgrade-deps`, `upgr`,
 * `r142`); the desk resolves them. `when` and `until` are words; the desk reads them with the zone that applies.
 */
export const commandSchema = z.discriminatedUnion('name', [
  z.object({
    name: z.literal('schedule'),
    goal: z.string().min(1),
    project: z.string().optional(),
    when: z.string().optional(),
    zone: z.string().optional(),
    accept: z.array(z.string().min(1)),
    timeoutMs: z.int().positive().optional(),
    retries: z.int().min(0).optional(),
    budgetUsd: z.number().positive().optional(),
    model: z.string().optional(),
    jobName: z.string().optional(),
    notify: z.enum(notifyRules).optional(),
    overlap: z.enum(overlapRules).optional(),
    catchUp: z.enum(catchUpRules).optional(),
    catchUpWithinMs: z.int().positive().optional(),
  }),
  /** What is left out stays as it is; `null` takes the setting away. `dropAccept` are texts or numbers of checks. */
  z.object({
    name: z.literal('edit'),
    target: z.string(),
    goal: z.string().min(1).optional(),
    project: z.string().optional(),
    when: z.string().nullable().optional(),
    zone: z.string().optional(),
    accept: z.array(z.string().min(1)).optional(),
    addAccept: z.array(z.string().min(1)),
    dropAccept: z.array(z.string().min(1)),
    timeoutMs: z.int().positive().optional(),
    retries: z.int().min(0).optional(),
    budgetUsd: z.number().positive().nullable().optional(),
    model: z.string().nullable().optional(),
    jobName: z.string().optional(),
    notify: z.enum(notifyRules).optional(),
    overlap: z.enum(overlapRules).optional(),
    catchUp: z.enum(catchUpRules).optional(),
    catchUpWithinMs: z.int().positive().optional(),
    /** Whose job it is from now on: a person's reference. */
    owner: z.string().optional(),
  }),
  z.object({ name: z.literal('list') }),
  z.object({ name: z.literal('show'), target: z.string() }),
  z.object({ name: z.literal('pause'), target: z.string(), until: z.string().optional() }),
  z.object({ name: z.literal('pause-all'), until: z.string().optional() }),
  z.object({ name: z.literal('resume'), target: z.string() }),
  z.object({ name: z.literal('resume-all') }),
  /** What held every run is mended: an expired login, an empty account. */
  z.object({ name: z.literal('resume-login') }),
  z.object({ name: z.literal('run'), target: z.string() }),
  z.object({ name: z.literal('cancel'), target: z.string() }),
  z.object({ name: z.literal('retry'), target: z.string(), note: z.string().optional() }),
  z.object({ name: z.literal('delete'), target: z.string() }),
  /** `target` is a job; without one, the latest runs of all jobs. */
  z.object({ name: z.literal('history'), target: z.string().optional() }),
  z.object({ name: z.literal('log'), target: z.string() }),
  z.object({ name: z.literal('projects') }),
  z.object({ name: z.literal('help'), topic: z.string().optional() }),
]);

export type Command = z.infer<typeof commandSchema>;
export type ScheduleCommand = Extract<Command, { name: 'schedule' }>;
export type EditCommand = Extract<Command, { name: 'edit' }>;
