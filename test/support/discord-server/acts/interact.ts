import { randomBytes } from 'node:crypto';

import { apiFault } from '../api-fault.ts';
import type { Interaction } from '../interaction.ts';
import { isJson, listOf, type Json } from '../rules/read-json.ts';
import { permissionsIn } from '../permissions.ts';
import { viewChannel, viewInteractionMember, viewMessage, viewUser } from '../views.ts';
import type { Waits } from '../waits.ts';
import type { Message, World } from '../world.ts';

/** What Discord shows to the one who acted. */
export interface Shown {
  kind: 'message' | 'deferred' | 'update' | 'deferred-update' | 'choices' | 'modal' | 'failed';
  /** From the act to the first response. */
  tookMs: number;
  /** The answer, as it is now; with a deferred one, nothing is in it yet. Of an update, the message that was updated. */
  readonly message: Message | undefined;
  /** Messages that followed. */
  readonly followups: readonly Message[];
  choices: { name: string; value: string | number }[];
  modal: Json | undefined;
  interaction: Interaction;
  /** The answer, once it is no longer "thinking". */
  answer: (timeoutMs?: number) => Promise<Message>;
}

export interface Stage {
  world: World;
  waits: Waits;
  /** How long a first response may take: 3 s. */
  responseMs: number;
}

type Act = Pick<Interaction, 'kind' | 'channel' | 'user' | 'name' | 'source'>;

/** Tells the bot of an act, and waits for its first response. */
export async function interact(stage: Stage, act: Act, data: Json): Promise<Shown> {
  const { world, waits, responseMs } = stage;
  const startedAt = performance.now();
  const interaction = open(world, act);
  world.tell({ name: 'INTERACTION_CREATE', data: () => describe(world, interaction, data) });
  await waits
    .until(() => interaction.response, 'a response to the interaction', responseMs)
    .catch(() => (interaction.isOver = true));
  const tookMs = performance.now() - startedAt;
  const { response } = interaction;
  return {
    kind: kindOf(response?.type),
    tookMs,
    get message() {
      return interaction.original;
    },
    get followups() {
      return interaction.followups;
    },
    choices: listOf(response?.data['choices']).filter(isJson) as Shown['choices'],
    modal: response?.type === 9 ? response.data : undefined,
    interaction,
    answer: (timeoutMs) =>
      waits.until(() => !interaction.isPending && interaction.original, 'the deferred answer', timeoutMs),
  };
}

function kindOf(type: number | undefined): Shown['kind'] {
  const kinds: Record<number, Shown['kind']> = {
    4: 'message',
    5: 'deferred',
    6: 'deferred-update',
    7: 'update',
    8: 'choices',
    9: 'modal',
  };
  return (type !== undefined && kinds[type]) || 'failed';
}

function open(world: World, act: Act): Interaction {
  const interaction: Interaction = {
    ...act,
    id: world.newId(),
    token: randomBytes(48).toString('base64url'),
    sentAt: world.now(),
    isOver: false,
    isPending: false,
    followups: [],
  };
  world.interactions.set(interaction.token, interaction);
  return interaction;
}

function describe(world: World, { id, token, kind, channel, user, source }: Interaction, data: Json): Json {
  const guild = channel.guildId === undefined ? undefined : world.guilds.get(channel.guildId);
  const member = guild?.members.get(user.id);
  if (guild && !member) throw apiFault('unknownMember');
  const permissions = (userId: string) => String(permissionsIn(world, channel, userId));
  return {
    id,
    application_id: world.application.id,
    type: kind,
    token,
    version: 1,
    data,
    channel_id: channel.id,
    channel: { ...viewChannel(world, channel), permissions: permissions(user.id) },
    ...(guild && member
      ? {
          guild_id: guild.id,
          guild: { id: guild.id, locale: 'en-US', features: [] },
          guild_locale: 'en-US',
          member: { ...viewInteractionMember(guild, member), permissions: permissions(user.id) },
        }
      : { user: viewUser(user) }),
    ...(source && { message: viewMessage(world, source, 0) }),
    app_permissions: permissions(world.bot.id),
    locale: 'en-US',
    entitlements: [],
    authorizing_integration_owners: guild ? { '0': guild.id } : { '0': '0' },
    context: guild ? 0 : 1,
    attachment_size_limit: 10 * 1024 * 1024,
  };
}
