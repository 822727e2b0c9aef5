import { isJson, listOf, type Json } from './rules/read-json.ts';
import type { Channel, World } from './world.ts';

/**
 * Whom a message pings: users and roles by id, and `everyone`. Without `allowed_mentions` everything in the content is
 * parsed, as Discord does.
 */
export function findPings(world: World, channel: Channel, content: string, allowed: unknown): string[] {
  const guild = channel.guildId === undefined ? undefined : world.guilds.get(channel.guildId);
  const users = [...content.matchAll(/<@!?(\d+)>/g)].flatMap(([, id]) => (id && world.users.has(id) ? [id] : []));
  const roles = [...content.matchAll(/<@&(\d+)>/g)].flatMap(([, id]) => (id && guild?.roles.has(id) ? [id] : []));
  const everyone = /@(?:everyone|here)\b/.test(content) ? ['everyone'] : [];
  if (!isJson(allowed)) return unique([...users, ...roles, ...everyone]);
  const parse = listOf(allowed['parse']);
  const chosen = (kind: 'users' | 'roles', found: string[]) =>
    parse.includes(kind) ? found : found.filter((id) => listOf(allowed[kind]).includes(id));
  return unique([
    ...chosen('users', users),
    ...chosen('roles', roles),
    ...(parse.includes('everyone') ? everyone : []),
  ]);
}

const unique = (ids: string[]): string[] => [...new Set(ids)];

export const readAllowedMentions = (given: unknown): Json | undefined => (isJson(given) ? given : undefined);
