/** From least to most. */
export const roles = ['viewer', 'member', 'maintainer', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Lists of person references: `web:ada`, or `web:*` for everybody of a platform. */
export interface ProjectAccess {
  viewers: string[];
  members: string[];
  maintainers: string[];
}

/** Who may do what. Nobody may do anything unless it is listed here. `projects['*']` holds for every project. */
export interface Access {
  admins: string[];
  projects: Record<string, ProjectAccess>;
}

const matches = (entries: readonly string[], person: string): boolean =>
  entries.some((entry) => entry === person || (entry.endsWith(':*') && person.startsWith(entry.slice(0, -1))));

/** The highest role of `person` in `project`, or undefined for somebody who may not even see it. */
export function roleIn(access: Access, project: string, person: string): Role | undefined {
  if (matches(access.admins, person)) return 'admin';
  const lists = ['*', project].flatMap((key) => (Object.hasOwn(access.projects, key) ? [access.projects[key]] : []));
  if (lists.some((list) => list && matches(list.maintainers, person))) return 'maintainer';
  if (lists.some((list) => list && matches(list.members, person))) return 'member';
  if (lists.some((list) => list && matches(list.viewers, person))) return 'viewer';
  return undefined;
}

export const isAtLeast = (role: Role | undefined, wanted: Role): boolean =>
  role !== undefined && roles.indexOf(role) >= roles.indexOf(wanted);
