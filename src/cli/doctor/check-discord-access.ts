import type { Config } from '../../config/config-value.ts';
import { warning, type Finding } from './finding.ts';

const prefix = 'discord:';
const rolePrefix = 'discord:role-';

/** Entries of `access` that mean nobody: names in place of ids, and roles that the server does not have. */
export function checkDiscordAccess(access: Config['access'], roles: readonly { id: string }[]): Finding[] {
  const lists = Object.values(access.projects).flatMap((project) => Object.values(project).flat());
  const entries = new Set([...access.admins, ...lists].filter((entry) => entry.startsWith(prefix)));
  return [...entries].flatMap((entry) => {
    if (!/^discord:(?:\*|(?:role-)?\d+)$/.test(entry)) {
      return warning(
        'Discord',
        `access: ${entry} is nobody, since people and roles are known by their ids`,
        'Developer Mode on, right click on the person or role, Copy ID: discord:<id>, discord:role-<id>',
      );
    }
    const isMissing = entry.startsWith(rolePrefix) && !roles.some(({ id }) => `${rolePrefix}${id}` === entry);
    if (!isMissing) return [];
    return warning(
      'Discord',
      `access: ${entry} is no role of the server`,
      'take the id from the server: Developer Mode on, right click on the role, Copy Role ID',
    );
  });
}
