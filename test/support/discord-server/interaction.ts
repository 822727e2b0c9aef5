import { apiFault } from './api-fault.ts';
import type { Json } from './rules/read-json.ts';
import { tellDeleted, tellMessage } from './tell-message.ts';
import type { Channel, Message, User, World } from './world.ts';

export const interactionKinds = { command: 2, component: 3, autocomplete: 4, modal: 5 } as const;

/** What a person did, and what they have been shown of it since. */
export interface Interaction {
  id: string;
  token: string;
  kind: (typeof interactionKinds)[keyof typeof interactionKinds];
  channel: Channel;
  user: User;
  /** The command's or the component's name, for `interaction_metadata`. */
  name?: string;
  /** The message whose component it was, or from which the form was opened. */
  source?: Message | undefined;
  sentAt: number;
  /** Three seconds have passed without a response. */
  isOver: boolean;
  /** The one first response. */
  response?: { type: number; data: Json } | undefined;
  /** A deferred answer has not come yet. */
  isPending: boolean;
  /** The answer: what `@original` names. */
  original?: Message | undefined;
  followups: Message[];
}

const tokenMs = 15 * 60_000;

export type Interactions = Map<string, Interaction>;

/** What the token of a webhook stands for; throws 50027 for one that is older than 15 minutes. */
export function interactionOf(world: World, token: string | undefined): Interaction {
  const interaction = world.interactions.get(token ?? '');
  if (!interaction) throw apiFault('unknownWebhook');
  if (world.now() - interaction.sentAt >= tokenMs) throw apiFault('invalidWebhookToken');
  if (!interaction.response) throw apiFault('unknownWebhook');
  return interaction;
}

const ephemeral = 64;
export const isEphemeral = ({ flags }: Message): boolean => (flags & ephemeral) !== 0;

/** An ephemeral message is in no channel: only the asker and the token's holder see it. */
export function showMessage(world: World, { channel }: Interaction, message: Message): void {
  if (isEphemeral(message)) return;
  channel.messages.set(message.id, message);
  tellMessage(world, 'MESSAGE_CREATE', channel, message);
}

export function hideMessage(world: World, { channel }: Interaction, message: Message): void {
  if (channel.messages.delete(message.id)) tellDeleted(world, channel, message.id);
}
