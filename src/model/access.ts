/** From least to most. */
export const roles = ['viewer', 'member', 'maintainer', 'admin'] as const;
export type Role = (typeof roles)[number];

/** What lists may know a person by, besides their own reference. */
export interface Membership {
  /** User groups and roles: `slack:S012`, `discord:role-123`. */
  groups?: readonly string[] | undefined;
  /** A guest, or a person of another workspace in a shared channel: `slack:*` does not mean them. */
  isGuest?: boolean | undefined;
}

/** Somebody who asks for something, as their platform knows them. */
export interface Who extends Membership {
  /** `web:ada`. */
  person: string;
}

/**
 * Lists of references: a person, `web:ada`; a group of people, `slack:S012`, `discord:role-123`; or `web:*` for everybody of a
 * platform but its guests.
 */
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

function matches(entries: readonly string[], { person, groups = [], isGuest = false }: Who): boolean {
  const isEverybody = (entry: string): boolean =>
    !isGuest && entry.endsWith(':*') && person.startsWith(entry.slice(0, -1));
  return entries.some((entry) => entry === person || groups.includes(entry) || isEverybody(entry));
}

/** The highest role of `who` in `project`, or undefined for somebody who may not even see it. */
export function roleIn(access: Access, project: string, who: Who): Role | undefined {
  if (matches(access.admins, who)) return 'admin';
  const lists = ['*', project].flatMap((key) => (Object.hasOwn(access.projects, key) ? [access.projects[key]] : []));
  if (lists.some((list) => list && matches(list.maintainers, who))) return 'maintainer';
  if (lists.some((list) => list && matches(list.members, who))) return 'member';
  if (lists.some((list) => list && matches(list.viewers, who))) return 'viewer';
  return undefined;
}

export const isAtLeast = (role: Role | undefined, wanted: Role): boolean =>
  role !== undefined && roles.indexOf(role) >= roles.indexOf(wanted);
