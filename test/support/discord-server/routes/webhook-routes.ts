import { apiFault } from '../api-fault.ts';
import { noContent, ok, type Answer, type Call, type Route } from '../call.ts';
import { hideMessage, interactionOf, isEphemeral, showMessage, type Interaction } from '../interaction.ts';
import { tellMessage } from '../tell-message.ts';
import { viewMessage } from '../views.ts';
import type { Message, World } from '../world.ts';
import { changeMessage, checkEditedFlags, makeMessage } from '../write-message.ts';
import { answerOf } from './interaction-routes.ts';

const path = '/webhooks/:application/:token';

/** What speaks by the token of an interaction, for fifteen minutes. */
export const webhookRoutes: Route[] = [
  { method: 'POST', path, isOpen: true, handle: followUp },
  { method: 'GET', path: `${path}/messages/:message`, isOpen: true, handle: get },
  { method: 'PATCH', path: `${path}/messages/:message`, isOpen: true, handle: patch },
  { method: 'DELETE', path: `${path}/messages/:message`, isOpen: true, handle: remove },
];

const ephemeral = 64;
const loading = 1 << 7;

/** The first one after a deferred answer is that answer, as visible as it was deferred. */
function followUp(call: Call): Answer {
  const { world, body, uploads } = call;
  const interaction = interactionOf(world, call.params['token']);
  if (interaction.isPending && interaction.original) return ok(fill(call, interaction, interaction.original));
  const flags = Number(body['flags'] ?? 0) & ephemeral;
  const message = makeMessage(world, interaction.channel, body, uploads, {
    ...answerOf(world, interaction, flags),
    type: 0,
  });
  interaction.followups.push(message);
  showMessage(world, interaction, message);
  return ok(viewMessage(world, message, 0));
}

function fill({ world, body, uploads }: Call, interaction: Interaction, message: Message) {
  const filled = makeMessage(world, interaction.channel, body, uploads, { author: world.bot });
  const { content, embeds, components, attachments, allowedMentions, pinged } = filled;
  const flags = message.flags & ~loading;
  Object.assign(message, { content, embeds, components, attachments, allowedMentions, pinged, flags });
  interaction.isPending = false;
  tellChange(world, interaction, message);
  return viewMessage(world, message, 0);
}

function tellChange(world: World, { channel }: Interaction, message: Message): void {
  if (!isEphemeral(message)) tellMessage(world, 'MESSAGE_UPDATE', channel, message);
}

function messageOf(call: Call, interaction: Interaction): Message {
  const id = call.params['message'];
  const found = id === '@original' || id === interaction.original?.id ? interaction.original : undefined;
  const message = found ?? interaction.followups.find((one) => one.id === id);
  if (!message) throw apiFault('unknownMessage');
  return message;
}

function get(call: Call): Answer {
  const interaction = interactionOf(call.world, call.params['token']);
  return ok(viewMessage(call.world, messageOf(call, interaction), 0));
}

function patch(call: Call): Answer {
  const { world, body, uploads } = call;
  checkEditedFlags(body);
  const interaction = interactionOf(world, call.params['token']);
  const message = messageOf(call, interaction);
  if (interaction.isPending && message === interaction.original) return ok(fill(call, interaction, message));
  changeMessage(world, message, body, uploads);
  tellChange(world, interaction, message);
  return ok(viewMessage(world, message, 0));
}

function remove(call: Call): Answer {
  const interaction = interactionOf(call.world, call.params['token']);
  const message = messageOf(call, interaction);
  hideMessage(call.world, interaction, message);
  interaction.followups = interaction.followups.filter((one) => one !== message);
  if (interaction.original === message) {
    interaction.original = undefined;
    interaction.isPending = false;
  }
  return noContent;
}
