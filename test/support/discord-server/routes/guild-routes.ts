import { apiFault } from '../api-fault.ts';
import { guildOf, ok, type Answer, type Call, type Route } from '../call.ts';
import { viewChannel, viewGuild, viewMember, viewRole, viewUser } from '../views.ts';
import { permissionsOf } from '../permissions.ts';
import type { Channel } from '../world.ts';

export const guildRoutes: Route[] = [
  { method: 'GET', path: '/users/@me', handle: ({ world }) => ok(viewUser(world.bot)) },
  { method: 'GET', path: '/users/@me/guilds', handle: ownGuilds },
  { method: 'GET', path: '/users/:user', handle: user },
  { method: 'GET', path: '/guilds/:guild', handle: (call) => ok(viewGuild(guildOf(call))) },
  { method: 'GET', path: '/guilds/:guild/channels', handle: channels },
  { method: 'GET', path: '/guilds/:guild/threads/active', handle: activeThreads },
  {
    method: 'GET',
    path: '/guilds/:guild/roles',
    handle: (call) => ok([...guildOf(call).roles.values()].map(viewRole)),
  },
  { method: 'GET', path: '/guilds/:guild/roles/:role', handle: role },
  { method: 'GET', path: '/guilds/:guild/members/:user', handle: member },
  { method: 'GET', path: '/guilds/:guild/members', handle: members },
];

function ownGuilds({ world }: Call): Answer {
  const own = [...world.guilds.values()].filter(({ members }) => members.has(world.bot.id));
  return ok(
    own.map((guild) => ({
      id: guild.id,
      name: guild.name,
      icon: null,
      banner: null,
      owner: guild.ownerId === world.bot.id,
      permissions: String(permissionsOf(guild, world.bot.id)),
      features: [],
    })),
  );
}

function user({ world, params }: Call): Answer {
  const found = world.users.get(params['user'] ?? '');
  if (!found) throw apiFault('unknownUser');
  return ok(viewUser(found));
}

const inGuild = (call: Call): Channel[] => {
  const { id } = guildOf(call);
  return [...call.world.channels.values()].filter(({ guildId }) => guildId === id);
};

/** All of them, whether the bot sees them or not. */
function channels(call: Call): Answer {
  const own = inGuild(call).filter(({ thread }) => !thread);
  return ok(own.map((channel) => viewChannel(call.world, channel)));
}

function activeThreads(call: Call): Answer {
  const threads = inGuild(call).filter(({ thread }) => thread && !thread.archived);
  return ok({ threads: threads.map((channel) => viewChannel(call.world, channel)), members: [] });
}

function role(call: Call): Answer {
  const found = guildOf(call).roles.get(call.params['role'] ?? '');
  if (!found) throw apiFault('unknownRole');
  return ok(viewRole(found));
}

function member(call: Call): Answer {
  const { world, params } = call;
  const userId = params['user'] ?? '';
  const found = guildOf(call).members.get(userId);
  if (found) return ok(viewMember(found));
  throw apiFault(world.users.has(userId) ? 'unknownMember' : 'unknownUser');
}

/** The list needs the privileged intent. */
function members(call: Call): Answer {
  if (!(call.world.application.flags & ((1 << 14) | (1 << 15)))) throw apiFault('missingAccess');
  const limit = Number(call.query.get('limit') ?? 1);
  return ok([...guildOf(call).members.values()].slice(0, limit).map(viewMember));
}
