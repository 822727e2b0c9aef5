import { ChannelType, type APIGuildMember, type APIInteraction, type APIInteractionGuildMember } from 'discord.js';

import type { Actor, Membership } from '../chat.ts';
import { isGuestMember, roleReference } from './members.ts';

/** What events say of a member of a server. */
type KnownMember = Pick<APIGuildMember | APIInteractionGuildMember, 'roles' | 'pending' | 'flags'>;

export const personRef = (user: string): string => `discord:${user}`;
export const channelRef = (channel: string): string => `discord:${channel}`;

/**
 * What `access` may know a member by. Who has not passed a server's screening yet is a guest, and so is everybody of a server
 * beside the configured one: `discord:*` does not mean whoever invites the bot to a server of their own.
 */
export function membershipOf(
  member: KnownMember,
  { guild, home }: { guild: string; home: string | undefined },
): Membership {
  const isElsewhere = home !== undefined && guild !== home;
  return { groups: member.roles.map(roleReference), isGuest: isGuestMember(member) || isElsewhere };
}

const threadTypes: ReadonlySet<unknown> = new Set([
  ChannelType.AnnouncementThread,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
]);

/** The channel that a place belongs to: that of a thread is the one it was made in. */
export function channelOf(channel: { id: string; type: number; parent_id?: string | null | undefined }): string {
  return threadTypes.has(channel.type) && typeof channel.parent_id === 'string' ? channel.parent_id : channel.id;
}

/** Who did something where. In direct messages nobody has roles. */
export function actorOf(interaction: APIInteraction, home: string | undefined): Actor {
  const { member, guild_id: guild, channel } = interaction;
  const user = member?.user ?? interaction.user;
  if (user === undefined) throw new Error(`Interaction ${interaction.id} is nobody's`);
  const isDirect = member === undefined || guild === undefined;
  const place =
    channel === undefined ? (interaction.channel_id ?? '') : channelOf({ parent_id: undefined, ...channel });
  return {
    person: personRef(user.id),
    channel: isDirect ? `discord:@${user.id}` : channelRef(place),
    eventId: `discord:${interaction.id}`,
    ...(isDirect ? {} : membershipOf(member, { guild, home })),
  };
}
