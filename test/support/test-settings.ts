import type { DeskSettings } from '../../src/desk/desk-settings.ts';
import type { Project } from '../../src/model/project.ts';
import { keepAll } from './keep-all.ts';
import { usualPolicies } from './usual-policies.ts';

export const testProject = (change: Partial<Project> = {}): Project => ({
  name: 'api',
  path: '/projects/api',
  workspace: 'worktree',
  copy: [],
  allowedTools: [],
  checks: [],
  ...change,
});

/** Settings of a desk with one project, in which `ada` may do everything. */
export const testSettings = (projects: readonly Project[] = [testProject()]): DeskSettings => ({
  commandName: '/claude',
  hostName: 'box',
  hostZone: 'UTC',
  nightlyAt: { hour: 2, minute: 0 },
  concurrency: 2,
  runDefaults: { timeoutMs: 7_200_000, retries: 2, notify: 'failure', ...usualPolicies },
  projects: new Map(projects.map((project) => [project.name, project])),
  channels: new Map(),
  access: { admins: ['web:ada'], projects: { '*': { viewers: ['web:eve'], members: ['web:ben'], maintainers: [] } } },
  digest: { time: { hour: 8, minute: 0 }, zone: 'UTC', channels: [] },
  minFree: { bytes: 1024 ** 3 },
  retention: keepAll,
});
