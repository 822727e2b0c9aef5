import {
  ComponentType,
  InteractionType,
  type APIApplicationCommandInteraction,
  type APIInteraction,
  type APIMessageComponentInteraction,
  type APIModalSubmitInteraction,
} from 'discord.js';

import type { FieldFault } from '../../model/job-form.ts';
import { line } from '../../model/message.ts';
import { buttonCommand } from '../button-command.ts';
import { parseButtonId, type Button } from '../button-id.ts';
import type { Actor, ChatHandlers, FormSource, Reply } from '../chat.ts';
import { actorOf } from './actor.ts';
import { suggestFor } from './autocomplete.ts';
import { deleteQuestion, noteModal, noteTarget, readInputs } from './buttons.ts';
import { isShowSelect } from './components.ts';
import { parseFormId } from './form-id.ts';
import { inputNames, type Inputs } from './form-inputs.ts';
import type { Forms } from './forms.ts';
import { readCommand, readOptions, type Asked } from './read-command.ts';
import type { Places } from './places.ts';
import type { Respond } from './respond.ts';
import { within } from '../within.ts';
import type { Turns } from '../turns.ts';

export interface InteractionEdges {
  handlers: () => ChatHandlers;
  respond: Respond;
  forms: Forms;
  places: Pick<Places, 'whyNoJob'>;
  turns: Turns;
  /** The server that the configuration names. */
  guild: string | undefined;
  /** With the groups of who acts in direct messages, where no roles are said; undefined for who has left. */
  withGroups: (actor: Actor) => Promise<Actor | undefined>;
}

/** Carries out slash commands, buttons, menus and forms. */
export function createInteractions(edges: InteractionEdges) {
  return async (interaction: APIInteraction, at: Date): Promise<void> => {
    const actor = actorOf(interaction, edges.guild);
    switch (interaction.type) {
      case InteractionType.ApplicationCommand:
        return command(edges, interaction, actor, at);
      case InteractionType.ApplicationCommandAutocomplete: {
        const choices = await suggestFor(interaction, actor, edges.handlers());
        return edges.respond.suggest(interaction, choices);
      }
      case InteractionType.MessageComponent:
        return component(edges, interaction, actor, at);
      case InteractionType.ModalSubmit:
        return modal(edges, interaction, actor, at);
      case InteractionType.Ping:
        return;
    }
  };
}

const onlyInServers: Reply = {
  message: [line('Commands work in the channels of a server: here nobody has a role, and no channel has a thread.')],
  isRefusal: true,
};

async function command(edges: InteractionEdges, interaction: APIApplicationCommandInteraction, actor: Actor, at: Date) {
  const asked = { interaction, person: actor.person, at };
  if (interaction.guild_id === undefined) return edges.respond.answer(asked, Promise.resolve(onlyInServers));
  const { name, options } = readOptions('options' in interaction.data ? typedOptions(interaction.data.options) : []);
  const read = readCommand(name, options);
  if (read.kind === 'open') return open(edges, asked, read.source, actor);
  const carry = async (): Promise<Reply> => {
    const faults = read.kind === 'form' ? await faultsOfPlace(edges, interaction) : [];
    return edges.turns.take(() => carryOut(edges.handlers(), read, actor, faults));
  };
  return edges.respond.answer(asked, carry());
}

/** Nobody's turn waits for it. */
async function faultsOfPlace(edges: InteractionEdges, interaction: APIInteraction): Promise<FieldFault[]> {
  const message = await whyNoJob(edges, interaction);
  return message === undefined ? [] : [{ field: null, message }];
}

/** Until then Discord is asked what the channel is; a form that is opened without knowing is refused when it is sent. */
const askWithinMs = 300;

async function open(
  edges: InteractionEdges,
  asked: Parameters<Respond['answer']>[0],
  source: FormSource,
  actor: Actor,
): Promise<void> {
  const { forms, respond } = edges;
  const { interaction, at } = asked;
  const whyNot = 'fields' in source ? await within(whyNoJob(edges, interaction), askWithinMs) : undefined;
  if (whyNot === undefined) return forms.open(interaction, source, actor, at);
  return respond.answer(asked, Promise.resolve({ message: [line(whyNot)], isRefusal: true }));
}

const whyNoJob = async ({ places }: InteractionEdges, { channel }: APIInteraction): Promise<string | undefined> =>
  channel === undefined ? undefined : places.whyNoJob({ parent_id: undefined, ...channel });

/** Commands of menus have none that are typed. */
const typedOptions = (options: unknown): Parameters<typeof readOptions>[0] =>
  Array.isArray(options) ? (options as Parameters<typeof readOptions>[0]) : [];

function carryOut(
  handlers: ChatHandlers,
  asked: Exclude<Asked, { kind: 'open' }>,
  actor: Actor,
  faults: FieldFault[],
): Promise<Reply> {
  switch (asked.kind) {
    case 'form':
      return handlers.onForm({ fields: asked.fields, faults, isClosed: true }, actor);
    case 'command':
      return handlers.onCommand(asked.command, actor);
    case 'text':
      return handlers.onText(asked.text, actor);
  }
}

async function component(edges: InteractionEdges, interaction: APIMessageComponentInteraction, actor: Actor, at: Date) {
  const { data } = interaction;
  const asked = { interaction, person: actor.person, at };
  const take = (act: (who: Actor) => Promise<Reply>): Promise<Reply> =>
    edges.turns.take(async () => {
      const who = await edges.withGroups(actor);
      return who === undefined ? leftReply : act(who);
    });
  if (data.component_type === ComponentType.StringSelect && isShowSelect(data.custom_id)) {
    const [target = ''] = data.values;
    return edges.respond.answer(
      asked,
      take((who) => edges.handlers().onCommand({ name: 'show', target }, who)),
    );
  }
  const button = parseButtonId(data.custom_id);
  if (button === undefined) return edges.respond.answer(asked, Promise.resolve(unknownButton));
  if (await askFirst(edges, interaction, button, actor, at)) return;
  const carried = buttonCommand(button);
  if (carried === undefined) return edges.respond.answer(asked, Promise.resolve(unknownButton));
  const isUpdate = button.kind === 'delete-confirmed';
  return edges.respond.answer(
    { ...asked, isUpdate },
    take((who) => edges.handlers().onCommand(carried, who)),
  );
}

const leftReply: Reply = {
  message: [line('You are not in the server any more, so that you may do nothing here.')],
  isRefusal: true,
};

const unknownButton: Reply = {
  message: [line('This button is of another version of nightdesk, and does nothing any more.')],
  isRefusal: true,
};

/** Whether a button opened a form or a question first. */
async function askFirst(
  { forms, respond, withGroups }: InteractionEdges,
  interaction: APIMessageComponentInteraction,
  { kind, target }: Button,
  actor: Actor,
  at: Date,
): Promise<boolean> {
  if (kind === 'edit' || kind === 'fix-it') {
    const who = await withGroups(actor);
    const source = kind === 'edit' ? { job: target } : { draft: Number(target) };
    if (who !== undefined) await forms.open(interaction, source, who, at);
    else await respond.answer({ interaction, person: actor.person, at }, Promise.resolve(leftReply));
  } else if (kind === 'retry-with-note') await respond.openModal(interaction, noteModal(target));
  else if (kind === 'delete') await respond.ask(interaction, deleteQuestion(target));
  else return false;
  return true;
}

async function modal(edges: InteractionEdges, interaction: APIModalSubmitInteraction, actor: Actor, at: Date) {
  const { custom_id: id } = interaction.data;
  const inputs = readInputs(interaction);
  const asked = { interaction, person: actor.person, at };
  const form = parseFormId(id);
  const target = noteTarget(id);
  const act = async (faults: FieldFault[]): Promise<Reply> => {
    const who = await edges.withGroups(actor);
    if (who === undefined) return leftReply;
    if (form !== undefined) return edges.forms.submit(form, toInputs(inputs), who, faults);
    const note = buttonCommand({ kind: 'retry-with-note', target: target ?? '' }, inputs.get('note'));
    return note === undefined || target === undefined ? unknownButton : edges.handlers().onCommand(note, who);
  };
  const carry = async (): Promise<Reply> => {
    const isNew = form !== undefined && form.job === undefined;
    const faults = isNew ? await faultsOfPlace(edges, interaction) : [];
    return edges.turns.take(() => act(faults));
  };
  return edges.respond.answer(asked, carry());
}

const toInputs = (given: ReadonlyMap<string, string>): Inputs =>
  Object.fromEntries(inputNames.map((name) => [name, given.get(name) ?? ''])) as Inputs;
