import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Stage } from './acts/interact.ts';
import { createPerson, type Person } from './acts/person.ts';
import { addChannel, addGuild, addMember, addPost, addRole, addUser, everyonesPermissions } from './furnish.ts';
import type { IdentifyLimit } from './gateway-lines.ts';
import { attachGateway, type Gateway } from './gateway.ts';
import { generousLimits, type RateLimits } from './rate-limits.ts';
import { createRestServer, type RestRequest } from './rest-server.ts';
import { applicationRoutes } from './routes/application-routes.ts';
import { channelRoutes, deleteChannel } from './routes/channel-routes.ts';
import { gatewayRoutes } from './routes/gateway-routes.ts';
import { guildRoutes } from './routes/guild-routes.ts';
import { interactionRoutes } from './routes/interaction-routes.ts';
import { messageRoutes } from './routes/message-routes.ts';
import { reactionRoutes } from './routes/reaction-routes.ts';
import { threadRoutes } from './routes/thread-routes.ts';
import { webhookRoutes } from './routes/webhook-routes.ts';
import { tellDeleted, tellThread } from './tell-message.ts';
import { createTroubles, type Trouble } from './trouble.ts';
import { createWaits, type Waits } from './waits.ts';
import { createWorld, type Channel, type Guild, type Message, type Overwrite, type Role, type World } from './world.ts';

export interface DiscordServerOptions {
  token?: string;
  /** For ids, timestamps, the age of nonces and of interactions. */
  now?: () => number;
  /** What the bot's own role allows; without it what @everyone has. */
  permissions?: bigint;
  /** What @everyone may do in the guild. */
  everyone?: bigint;
  limits?: RateLimits;
  heartbeatIntervalMs?: number;
  identifyLimit?: Partial<IdentifyLimit>;
  /** The privileged intents that are switched on, as bits of the application's flags. */
  applicationFlags?: number;
  /** How long a first response may take. */
  responseMs?: number;
}

/** Discord with one guild, `lab`, with the channel `general`. */
export interface DiscordServer {
  /** For `discord.restUrl`: `http://127.0.0.1:1234/api`. */
  restUrl: string;
  token: string;
  /** Everything that the server holds; tests may look and change. */
  world: World;
  guild: Guild;
  general: Channel;
  /** Every request to the API, in the order of arrival. */
  requests: RestRequest[];
  gateway: Gateway;
  addGuild: (name: string) => Guild;
  addChannel: (name: string, overwrites?: Overwrite[], guild?: Guild) => Channel;
  /** A channel of another type than text. */
  addChannelOf: (type: number, name: string) => Channel;
  /** A post of a forum. */
  addPost: (forum: Channel, name: string) => Channel;
  addRole: (name: string, permissions?: bigint) => Role;
  /** Somebody in the guild, new. */
  addPerson: (name: string, roles?: string[]) => Person;
  /** Messages of a channel or a thread, oldest first, as they are now; Discord's own system messages left out. */
  messagesIn: (channel: Channel | string) => Message[];
  /** The thread that was made from a message. */
  threadOf: (message: Message) => Channel;
  /** Resolves once something is there; looked at after each request and event. */
  until: Waits['until'];
  trouble: (trouble: Trouble) => void;
  /** Ends what `trouble` began. */
  calm: () => void;
  deleteMessage: (message: Message) => void;
  /** A thread too. */
  deleteChannel: (channel: Channel) => void;
  archive: (thread: Channel, isLocked?: boolean) => void;
  /** Sends the bot out of its guild. */
  kickBot: (guild?: Guild) => void;
  /** From now on the token is wrong, everywhere. */
  revokeToken: () => void;
  close: () => Promise<void>;
}

/** A Discord on a free loopback port: the REST API v10 over HTTP, and the gateway over a WebSocket. */
export async function startDiscordServer(options: DiscordServerOptions = {}): Promise<DiscordServer> {
  const { token = 'MTAx.test.discord-token', now = Date.now, everyone = everyonesPermissions } = options;
  const world = createWorld(now, token);
  world.application.flags = options.applicationFlags ?? 0;
  const waits = createWaits();
  const troubles = createTroubles();
  const requests: RestRequest[] = [];
  const identifyLimit = { total: 1000, remaining: 1000, resetAfterMs: 86_400_000, ...options.identifyLimit };
  const routes = [
    ...[gatewayRoutes({ identifyLimit }), applicationRoutes, interactionRoutes, webhookRoutes, messageRoutes].flat(),
    ...[reactionRoutes, threadRoutes, channelRoutes, guildRoutes].flat(),
  ];
  const limits = options.limits ?? generousLimits;
  const server = createServer(createRestServer({ world, routes, limits, troubles, requests, onChange: waits.changed }));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { heartbeatIntervalMs = 41_250 } = options;
  const gateway = attachGateway(server, { world, heartbeatIntervalMs, identifyLimit, onChange: waits.changed });
  world.tell = gateway.dispatch;
  const permissions = options.permissions ?? 0n;
  const guild = addGuild(world, 'lab', permissions, everyone);
  const general = addChannel(world, guild, 'general');
  const stage: Stage = { world, waits, responseMs: options.responseMs ?? 3000 };

  return {
    restUrl: `${world.url}/api`,
    token,
    world,
    guild,
    general,
    requests,
    gateway,
    addGuild: (name) => addGuild(world, name, permissions, everyone),
    addChannel: (name, overwrites, where = guild) => addChannel(world, where, name, overwrites),
    addChannelOf: (type, name) => addChannel(world, guild, name, [], type),
    addPost: (forum, name) => addPost(world, forum, name),
    addRole: (name, bits) => addRole(world, guild, name, bits),
    addPerson(name, roles) {
      const user = addUser(world, name);
      addMember(world, guild, user, roles);
      return createPerson(stage, user, () => ({ guild, channel: general }));
    },
    ...createLooks(world),
    until: waits.until,
    trouble: troubles.add,
    calm: troubles.clear,
    ...createSwitches(world, gateway, guild),
    close: async () => {
      troubles.clear();
      gateway.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function createLooks(world: World): Pick<DiscordServer, 'messagesIn' | 'threadOf'> {
  return {
    messagesIn(channel) {
      const found = typeof channel === 'string' ? world.channels.get(channel) : channel;
      return [...(found?.messages.values() ?? [])].filter(({ type }) => ![18, 21].includes(type));
    },
    threadOf({ id, hasThread }) {
      const thread = hasThread ? world.channels.get(id) : undefined;
      if (!thread) throw new Error('the message has no thread');
      return thread;
    },
  };
}

type Switches = Pick<DiscordServer, 'deleteMessage' | 'deleteChannel' | 'archive' | 'kickBot' | 'revokeToken'>;

function createSwitches(world: World, gateway: Gateway, home: Guild): Switches {
  return {
    deleteMessage(message) {
      const channel = world.channels.get(message.channel_id);
      if (channel?.messages.delete(message.id)) tellDeleted(world, channel, message.id);
    },
    deleteChannel: (channel) => deleteChannel(world, channel),
    archive(thread, isLocked = false) {
      if (!thread.thread) throw new Error('only a thread can be archived');
      Object.assign(thread.thread, { archived: true, locked: isLocked });
      tellThread(world, 'THREAD_UPDATE', thread);
    },
    kickBot(guild = home) {
      guild.members.delete(world.bot.id);
      world.tell({ name: 'GUILD_DELETE', guildId: guild.id, intent: 1, data: () => ({ id: guild.id }) });
    },
    revokeToken() {
      world.token = 'revoked';
      gateway.forget();
      gateway.disconnect(4004);
    },
  };
}
