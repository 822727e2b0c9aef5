import type * as z from 'zod';

import type { DiscordConfig } from '../../config/config-value.ts';
import { missingPermissions } from '../../bots/discord/bot-permissions.ts';
import { channelPermissions } from '../discord/channel-permissions.ts';
import type { Asked, AskDiscord } from '../discord/ask-discord.ts';
import { channelShape, guildShape, memberShape } from '../discord/discord-shapes.ts';
import { whyNotAsked } from '../discord/why-not-asked.ts';
import { fault, ok, warning, type Finding } from './finding.ts';

type Channel = z.output<typeof channelShape>;

/** Text channels and announcements: where messages and threads of them can be. */
const textTypes = [0, 5];

/** Whether the bot can do its work in a channel of the configuration: `discord:123`. */
export async function checkDiscordChannel(
  ask: AskDiscord,
  reference: string,
  bot: string,
  discord: DiscordConfig,
): Promise<Finding> {
  const id = reference.slice('discord:'.length);
  if (id.startsWith('@')) return ok(reference, "a person's direct messages, if they take any from this server");
  if (!/^\d+$/.test(id)) {
    return fault(
      reference,
      'is no id of a channel',
      'take the number: Developer Mode on, right click, Copy Channel ID',
    );
  }
  const asked = await ask(`/channels/${id}`, channelShape);
  if (asked.kind !== 'data') return whyNoChannel(reference, asked, discord);
  const channel = asked.data;
  if (channel.guild_id === undefined || !textTypes.includes(channel.type)) {
    return fault(reference, 'is no text channel of a server', 'name a text channel, in which threads can be made');
  }
  return await checkRights(ask, reference, { ...channel, guild_id: channel.guild_id }, bot, discord);
}

function whyNoChannel(
  reference: string,
  asked: Exclude<Asked<Channel>, { kind: 'data' }>,
  { restUrl }: DiscordConfig,
): Finding {
  if (asked.kind === 'refused' && asked.code === 10_003)
    return fault(
      reference,
      'there is no such channel',
      'correct the id: Developer Mode on, right click, Copy Channel ID',
    );
  if (asked.kind === 'refused' && asked.code === 50_001) {
    return fault(
      reference,
      'the bot does not see the channel',
      "in the channel's settings, Permissions, add the bot's role and allow View Channel",
    );
  }
  const { said, toDo } = whyNotAsked(asked, restUrl);
  return fault(reference, said, toDo);
}

async function checkRights(
  ask: AskDiscord,
  reference: string,
  channel: Channel & { guild_id: string },
  bot: string,
  discord: DiscordConfig,
): Promise<Finding> {
  const [guild, member] = await Promise.all([
    ask(`/guilds/${channel.guild_id}`, guildShape),
    ask(`/guilds/${channel.guild_id}/members/${bot}`, memberShape),
  ]);
  if (guild.kind !== 'data') return whyNoChannel(reference, guild, discord);
  if (member.kind !== 'data') return whyNoChannel(reference, member, discord);
  const permissions = channelPermissions({
    guild: channel.guild_id,
    owner: guild.data.owner_id,
    roles: guild.data.roles,
    member: { id: bot, roles: member.data.roles },
    overwrites: channel.permission_overwrites ?? [],
  });
  const place = `#${channel.name ?? channel.id} in ${guild.data.name}`;
  const missing = missingPermissions(permissions);
  if (missing.length > 0) {
    return fault(
      reference,
      `${place}: the bot misses ${missing.join(', ')}`,
      "allow it for the bot's role: in the server's settings under Roles, or for this channel under Permissions",
    );
  }
  if (discord.guild !== undefined && discord.guild !== channel.guild_id) {
    return warning(
      reference,
      `${place} is in another server than \`discord.guild\`: results are told there, and nobody can type commands`,
      'take `discord.guild` out, so that the commands are in every server',
    );
  }
  return ok(reference, `${place}: the bot may do all that it needs`);
}
