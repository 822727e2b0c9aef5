import * as z from 'zod';

import type { Access, ProjectAccess } from '../model/access.ts';
import { notifyRules } from '../model/job.ts';
import { catchUpRules, catchUpWindow, overlapRules } from '../model/overlap.ts';
import { pushRules, workspaceKinds } from '../model/project.ts';
import { childEnv, type Environment } from './child-env.ts';
import { didYouMean } from './did-you-mean.ts';
import { discordShape } from './discord.ts';
import { slackShape } from './slack.ts';
import {
  branch,
  budgetUsd,
  checkText,
  diskAmount,
  durationMs,
  filled,
  folder,
  keptMs,
  listenHost,
  listenPort,
  relativePath,
  webOrigin,
  zone,
} from './values.ts';

/** The permission modes in which nobody has to be there to answer; the names are Claude Code's own. */
const permissionModes = ['acceptEdits', 'auto', 'bypassPermissions', 'dontAsk', 'plan'] as const;
export type PermissionMode = (typeof permissionModes)[number];

/** A key with nothing behind it is an empty section: its entries are all commented out. */
const section = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.preprocess((given) => given ?? {}, z.strictObject(shape)).describe('a map of its keys');

const projectNameRule = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,39}$/)
  .refine((text) => text !== 'admins', { error: 'is a key of `access`' })
  .describe('a name of letters, digits, `.`, `_` and `-`, up to 40');
const platform = '(?:web|slack|discord)';
const channel = z
  .string()
  .regex(new RegExp(`^${platform}:[^\\s:*]+$`))
  .describe('a channel such as `web:general` or `slack:C012AB3CD`');
const tools = (example: string) =>
  z.array(filled.describe('the name of a tool')).describe(`a list of tools, such as ${example}`);
const model = filled.describe("a model's name, such as opus").optional();

const clockTime = (example: string) =>
  z
    .string()
    .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/)
    .describe(`a time from 00:00 to 23:59, such as ${example}`);

const hostSection = section({
  name: filled.max(64).describe('a text of up to 64 characters').optional(),
  concurrency: z.int().min(1).max(64).describe('a whole number from 1 to 64').default(2),
  zone: zone.optional(),
  nightlyAt: clockTime('02:00').default('02:00'),
});

const digestSection = section({
  time: clockTime('08:00').default('08:00'),
  zone: zone.optional(),
  channels: z.array(channel).describe('a list of channels, such as [web:general]').default([]),
});

const diskSection = section({
  minFree: diskAmount.prefault('1 GB'),
});

const retentionSection = section({
  logs: keptMs('1 day').prefault('90 days'),
  worktrees: keptMs('1 h').prefault('7 days'),
  branches: keptMs('1 day').prefault('30 days'),
  size: diskAmount.prefault('20%'),
  runs: keptMs('7 days').prefault('365 days'),
  rows: keptMs('7 days').prefault('180 days'),
  audit: keptMs('7 days').prefault('365 days'),
});

const claudeSection = (env: Environment) =>
  section({
    command: z
      .union([filled.regex(/^\S+$/).transform((word) => [word]), z.tuple([filled]).rest(z.string())])
      .describe('one word, such as claude or ~/bin/claude, or a list of words, such as [npx, claude]')
      .prefault('claude'),
    env: childEnv(env),
    permissionMode: z.enum(permissionModes).describe(permissionModes.join(', ')).default('acceptEdits'),
    allowedTools: tools('[Bash]').default(['Bash']),
    model,
    judgeTimeout: durationMs('1 s', '2 h').default(10 * 60_000),
  });

const projectSection = section({
  path: folder,
  workspace: z.enum(workspaceKinds).describe(workspaceKinds.join(', ')).optional(),
  base: branch.optional(),
  setup: filled.describe('a shell command, such as npm ci').optional(),
  copy: z.array(relativePath).describe('a list of files, such as [.env]').prefault([]),
  allowedTools: tools('[WebFetch]').default([]),
  checks: z.array(checkText).describe('a list of checks, such as ["$ npm test"]').prefault([]),
  push: z.enum(pushRules).describe(pushRules.join(', ')).default('never'),
});

const defaultsSection = section({
  timeout: durationMs('1 min', '7 days').prefault('2h'),
  retries: z.int().min(0).max(20).describe('a whole number from 0 to 20').default(2),
  budget: budgetUsd.optional(),
  notify: z.enum(notifyRules).describe(notifyRules.join(', ')).default('failure'),
  overlap: z.enum(overlapRules).describe(overlapRules.join(', ')).default('skip'),
  catchUp: z.enum(catchUpRules).describe(catchUpRules.join(', ')).default('latest'),
  catchUpWithin: durationMs(catchUpWindow.least, catchUpWindow.most).prefault(catchUpWindow.usual),
  model,
});

const webSection = section({
  host: listenHost.default('127.0.0.1'),
  port: listenPort.default(7433),
  url: webOrigin.optional(),
  people: z
    .array(
      z
        .string()
        .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u)
        .describe('a name of letters, digits, `.`, `_` and `-`'),
    )
    .min(1)
    .describe('a list of at least one name, such as [ada, grace]')
    .optional(),
});

/** What the rest of the file and the environment allow in places that refer to them. */
export interface Names {
  /** The names under `projects`. */
  projects: readonly string[];
  /** The names of `web.people`. */
  people: readonly string[];
  env: Environment;
}

function person(webPeople: readonly string[]) {
  return z
    .string()
    .regex(new RegExp(`^${platform}:(?:\\*|[^\\s:*]+)$`))
    .superRefine((text, context) => {
      const known = ['*', ...webPeople].map((name) => `web:${name}`);
      if (!text.startsWith('web:') || known.includes(text)) return;
      context.addIssue({ code: 'custom', message: `is not in \`web.people\`${didYouMean(text, known)}` });
    })
    .describe('a person such as `web:ada`, a group such as `slack:S012AB3CD`, or `web:*` for everybody there');
}

function accessSection({ projects, people }: Names) {
  const list = z.array(person(people)).describe('a list of people, such as [web:ada]').default([]);
  const roles = section({ viewers: list, members: list, maintainers: list });
  const ofProjects = Object.fromEntries(['*', ...projects].map((key) => [key, roles.optional()]));
  return section({ ...ofProjects, admins: list })
    .transform((read): Access => {
      const { admins, ...projects } = read as { admins: string[] } & Record<string, ProjectAccess>;
      return { admins, projects };
    })
    .describe('a map of `admins`, `*` and names of projects');
}

/**
 * The shape of nightdesk.yaml. Each key is described by what is allowed there, for the messages of `faultsOf`.
 */
export function configSchema(names: Names) {
  const projectName = z
    .enum(names.projects)
    .describe(`a project: ${names.projects.length === 0 ? 'none is configured' : names.projects.join(', ')}`);
  return z
    .strictObject({
      host: hostSection,
      dataDirectory: folder.default('.nightdesk'),
      commandName: z
        .string()
        .regex(/^\/[a-z0-9_-]{1,32}$/)
        .describe('a slash and up to 32 small letters, digits, `_` or `-`, such as /claude')
        .default('/claude'),
      claude: claudeSection(names.env),
      projects: z.record(projectNameRule, projectSection).describe('a map from a name to its project').prefault({}),
      channels: z
        .record(channel, section({ project: projectName.optional(), zone: zone.optional() }))
        .describe('a map from a channel to its defaults')
        .prefault({}),
      defaults: defaultsSection,
      access: accessSection(names).optional(),
      alerts: channel.optional(),
      digest: digestSection,
      disk: diskSection,
      retention: retentionSection,
      web: webSection,
      slack: section(slackShape).optional(),
      discord: section(discordShape).optional(),
    })
    .describe('a map of its keys');
}

export type ReadConfig = z.output<ReturnType<typeof configSchema>>;
