import type { World } from './world.ts';

/** What Slack makes of typed text before an app sees it: entities, and references in angle brackets. */
export function encodeTyped(world: World, typed: string): string {
  const escaped = typed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const withLinks = escaped.replace(/\bhttps?:\/\/[^\s]+/g, (url) => `<${url}>`);
  return withLinks.replace(/(^|\s)([@#])([a-z0-9._-]+)/gi, (whole, before: string, mark: string, name: string) => {
    if (mark === '#') {
      const channel = [...world.channels.values()].find((one) => one.name === name);
      return channel === undefined ? whole : `${before}<#${channel.id}|${name}>`;
    }
    const user = [...world.users.values()].find((one) => one.name === name);
    if (user !== undefined) return `${before}<@${user.id}|${name}>`;
    const group = [...world.groups.values()].find((one) => one.handle === name);
    return group === undefined ? whole : `${before}<!subteam^${group.id}|@${name}>`;
  });
}
