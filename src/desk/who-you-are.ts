import type { Who } from '../model/access.ts';

const shownGroups = 5;

/** What `access` could name the person by: their own id, and their groups where they have some. Without the last stop. */
export function whoYouAre({ person, groups = [] }: Who): string {
  const own = `Your id here is \`${person}\``;
  if (groups.length === 0) return own;
  const names = groups.slice(0, shownGroups).map((group) => `\`${group}\``);
  const more = groups.length > shownGroups ? ' and more' : '';
  return `${own}, and you are in ${names.join(', ')}${more}`;
}
