import { intentBits } from './intents.ts';
import { permissionsOf } from './permissions.ts';
import type { Channel, Guild, Member, Message, Role, User, World } from './world.ts';

/** How the API shows what the world holds. */

export const viewUser = (user: User) => ({
  ...user,
  discriminator: user.bot ? '0001' : '0',
  avatar: null,
  banner: null,
  accent_color: null,
  public_flags: 0,
  flags: 0,
});

export const viewRole = ({ id, name, permissions, position, managed }: Role) => ({
  id,
  name,
  permissions: String(permissions),
  position,
  managed,
  color: 0,
  colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
  hoist: false,
  icon: null,
  unicode_emoji: null,
  mentionable: false,
  flags: 0,
});

export const viewMember = ({ user, nick, roles, joined_at, pending = false }: Member) => ({
  user: viewUser(user),
  nick,
  roles,
  joined_at,
  avatar: null,
  banner: null,
  premium_since: null,
  deaf: false,
  mute: false,
  pending,
  flags: 0,
  communication_disabled_until: null,
});

export const viewGuild = (guild: Guild) => ({
  id: guild.id,
  name: guild.name,
  icon: null,
  splash: null,
  discovery_splash: null,
  banner: null,
  description: null,
  owner_id: guild.ownerId,
  afk_channel_id: null,
  afk_timeout: 300,
  verification_level: 0,
  default_message_notifications: 0,
  explicit_content_filter: 0,
  roles: [...guild.roles.values()].map(viewRole),
  emojis: [],
  stickers: [],
  features: [],
  mfa_level: 0,
  application_id: null,
  system_channel_id: null,
  system_channel_flags: 0,
  rules_channel_id: null,
  public_updates_channel_id: null,
  safety_alerts_channel_id: null,
  vanity_url_code: null,
  premium_tier: 0,
  premium_subscription_count: 0,
  premium_progress_bar_enabled: false,
  preferred_locale: 'en-US',
  nsfw_level: 0,
  nsfw: false,
});

export function viewChannel(world: World, channel: Channel) {
  const lastMessage = [...channel.messages.keys()].at(-1) ?? null;
  const base = { id: channel.id, type: channel.type, last_message_id: lastMessage, flags: 0 };
  if (channel.recipientId !== undefined) {
    const recipient = world.users.get(channel.recipientId);
    return { ...base, recipients: recipient ? [viewUser(recipient)] : [] };
  }
  const inGuild = { ...base, guild_id: channel.guildId, name: channel.name, parent_id: channel.parentId ?? null };
  if (channel.thread) {
    const { archived, locked, auto_archive_duration, archive_timestamp } = channel.thread;
    return {
      ...inGuild,
      owner_id: channel.ownerId,
      rate_limit_per_user: 0,
      message_count: [...channel.messages.values()].filter(({ type }) => type !== 21).length,
      total_message_sent: channel.messages.size,
      member_count: 1,
      thread_metadata: { archived, locked, auto_archive_duration, archive_timestamp, invitable: true },
    };
  }
  return {
    ...inGuild,
    position: 0,
    topic: null,
    nsfw: false,
    rate_limit_per_user: 0,
    permission_overwrites: channel.overwrites.map(({ id, type, allow, deny }) => ({
      id,
      type,
      allow: String(allow),
      deny: String(deny),
    })),
  };
}

/** With `intents` of a session that may not read content, what people wrote is empty but where the bot is mentioned. */
export function viewMessage(world: World, message: Message, intents: number) {
  const { allowedMentions: _allowed, pinged, reactions, hasThread, nonce, ...own } = message;
  const channel = world.channels.get(message.channel_id);
  const users = pinged.flatMap((id) => world.users.get(id) ?? []);
  const mayRead =
    (intents & intentBits.messageContent) !== 0 ||
    message.author.id === world.bot.id ||
    message.pinged.includes(world.bot.id) ||
    channel?.guildId === undefined;
  const thread = hasThread ? world.channels.get(message.id) : undefined;
  return {
    ...own,
    ...(!mayRead && { content: '', embeds: [], components: [], attachments: [] }),
    author: viewUser(message.author),
    mentions: users.map(viewUser),
    mention_roles: pinged.filter((id) => id !== 'everyone' && !world.users.has(id)),
    mention_everyone: pinged.includes('everyone'),
    pinned: false,
    ...(nonce !== undefined && { nonce }),
    ...(reactions.size > 0 && { reactions: [...reactions].map(([key, who]) => viewReaction(world, key, who)) }),
    ...(thread && { thread: viewChannel(world, thread) }),
  };
}

export function viewEmoji(key: string): { id: string | null; name: string } {
  const [, name, id] = /^(\w+):(\d+)$/.exec(key) ?? [];
  return name !== undefined && id !== undefined ? { id, name } : { id: null, name: key };
}

function viewReaction(world: World, key: string, who: ReadonlySet<string>) {
  return {
    emoji: viewEmoji(key),
    count: who.size,
    count_details: { burst: 0, normal: who.size },
    me: who.has(world.bot.id),
    me_burst: false,
    burst_colors: [],
  };
}

/** As it comes by the gateway: with its channels and threads, and of members the bot alone unless the intent is there. */
export function viewGuildCreate(world: World, guild: Guild, intents: number) {
  const channels = [...world.channels.values()].filter(({ guildId }) => guildId === guild.id);
  const members = [...guild.members.values()].filter(
    ({ user }) => user.id === world.bot.id || (intents & intentBits.guildMembers) !== 0,
  );
  return {
    ...viewGuild(guild),
    joined_at: guild.members.get(world.bot.id)?.joined_at,
    large: false,
    unavailable: false,
    member_count: guild.members.size,
    voice_states: [],
    members: members.map(viewMember),
    channels: channels.filter(({ thread }) => !thread).map((channel) => viewChannel(world, channel)),
    threads: channels.filter(({ thread }) => thread && !thread.archived).map((channel) => viewChannel(world, channel)),
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

/** A member inside of an interaction has the permissions that they have there. */
export const viewInteractionMember = (guild: Guild, member: Member) => ({
  ...viewMember(member),
  permissions: String(permissionsOf(guild, member.user.id)),
});
