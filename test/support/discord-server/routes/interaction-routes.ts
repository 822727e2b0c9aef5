import { apiFault } from '../api-fault.ts';
import { asJson, noContent, ok, type Answer, type Call, type Route } from '../call.ts';
import { interactionKinds, showMessage, type Interaction } from '../interaction.ts';
import { checkOneChoice } from '../rules/check-command.ts';
import { checkModal } from '../rules/check-modal.ts';
import { createProblems } from '../rules/problems.ts';
import { checkChoice, checkList, type Json } from '../rules/read-json.ts';
import { tellMessage } from '../tell-message.ts';
import { viewMessage } from '../views.ts';
import type { World } from '../world.ts';
import { changeMessage, makeMessage } from '../write-message.ts';

export const interactionRoutes: Route[] = [
  { method: 'POST', path: '/interactions/:interaction/:token/callback', isOpen: true, handle: respond },
];

const responses = { message: 4, deferred: 5, deferredUpdate: 6, update: 7, choices: 8, modal: 9 } as const;
const ephemeral = 64;

/** Which first responses each kind of interaction may get. */
function allowedFor({ kind, source }: Interaction): number[] {
  const { message, deferred, deferredUpdate, update, choices, modal } = responses;
  const ofMessage = source ? [deferredUpdate, update] : [];
  if (kind === interactionKinds.autocomplete) return [choices];
  if (kind === interactionKinds.command) return [message, deferred, modal];
  return kind === interactionKinds.modal ? [message, deferred, ...ofMessage] : [message, deferred, modal, ...ofMessage];
}

function respond(call: Call): Answer {
  const { world, params, query } = call;
  const interaction = world.interactions.get(params['token'] ?? '');
  if (!interaction || interaction.id !== params['interaction'] || interaction.isOver)
    throw apiFault('unknownInteraction');
  if (interaction.response) throw apiFault('alreadyAcknowledged');
  const type = Number(call.body['type']);
  const problems = createProblems();
  checkChoice(type, ['type'], problems, allowedFor(interaction));
  problems.refuse();
  const data = asJson(call.body['data']);
  take(call, interaction, type, data);
  interaction.response = { type, data };
  return query.get('with_response') === 'true' ? ok(resource(world, interaction, type)) : noContent;
}

function take({ world, uploads }: Call, interaction: Interaction, type: number, data: Json): void {
  const problems = createProblems();
  const flags = Number(data['flags'] ?? 0) & ephemeral;
  if (type === responses.message) {
    interaction.original = makeMessage(world, interaction.channel, data, uploads, answerOf(world, interaction, flags));
    showMessage(world, interaction, interaction.original);
  } else if (type === responses.deferred) {
    const loading = answerOf(world, interaction, flags | (1 << 7));
    interaction.original = makeMessage(world, interaction.channel, { content: '…' }, [], loading);
    interaction.original.content = '';
    interaction.isPending = true;
    showMessage(world, interaction, interaction.original);
  } else if (type === responses.update && interaction.source) {
    changeMessage(world, interaction.source, data, uploads);
    tellMessage(world, 'MESSAGE_UPDATE', interaction.channel, interaction.source);
  } else if (type === responses.choices) {
    for (const [index, choice] of checkList(data['choices'] ?? [], ['data', 'choices'], problems, 25).entries())
      checkOneChoice(choice, ['data', 'choices', index], problems);
  } else if (type === responses.modal) checkModal(data, problems);
  problems.refuse();
  if (type === responses.update || type === responses.deferredUpdate) interaction.original = interaction.source;
}

/** What the messages that answer an interaction have in common. */
export function answerOf(world: World, { id, kind, user, name }: Interaction, flags: number) {
  const type = kind === interactionKinds.command ? 20 : 0;
  const interaction = {
    id,
    type: kind,
    user: { id: user.id, username: user.username },
    authorizing_integration_owners: {},
    ...(name !== undefined && { name }),
  };
  return { author: world.bot, type, flags, interaction };
}

function resource(world: World, { id, kind, original, isPending }: Interaction, type: number) {
  const isEphemeralAnswer = original ? (original.flags & ephemeral) !== 0 : false;
  return {
    interaction: {
      id,
      type: kind,
      response_message_id: original?.id,
      response_message_loading: isPending,
      response_message_ephemeral: isEphemeralAnswer,
    },
    resource: { type, ...(original && { message: viewMessage(world, original, 0) }) },
  };
}
