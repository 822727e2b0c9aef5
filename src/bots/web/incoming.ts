import { randomUUID } from 'node:crypto';

import { isDiskFault } from '../../model/disk.ts';
import { line, type Action, type Message } from '../../model/message.ts';
import { UserError } from '../../model/user-error.ts';
import { buttonCommand } from '../button-command.ts';
import type { ChatHandlers, FormSubmission, Reply } from '../chat.ts';
import type { FieldFault } from '../../model/job-form.ts';
import { findControl } from '../control-emoji.ts';
import { measureFile } from './measure-file.ts';
import type { WebEdges } from './outgoing.ts';
import type { WebMessage } from './web-messages.ts';

/** A command as somebody typed it, with or without the command's name in front. */
export interface TypedCommand {
  text: string;
  /** `web:ada`. */
  person: string;
  /** `web:general`. */
  channel: string;
  /** Chosen by the sender: the same one again is the same command. */
  key?: string | undefined;
}

/** A form as somebody filled it in. */
export interface FilledForm extends Omit<TypedCommand, 'text'> {
  form: FormSubmission;
}

/** What a typed command or a form was answered. Only the asker sees it and the command; neither is kept. */
export interface WebAnswer {
  isRefusal: boolean;
  /** The channel is shown the same. */
  isInChannel: boolean;
  message: Message;
  attachments: WebMessage['attachments'];
  /** The refused text, kept for a form. */
  draft: { id: number } | null;
  /** What is wrong with a form, each at its field. */
  faults: FieldFault[];
}

/** A click on a button. */
export interface ButtonClick extends Omit<TypedCommand, 'text'> {
  action: Action;
  /** What was asked for a `retry-with-note`. */
  note: string;
}

export interface ReactionClick {
  change: 'added' | 'removed';
  message: number;
  emoji: string;
  /** `web:ada`. */
  person: string;
  /** Chosen by the sender: the same one again is the same click. */
  key?: string | undefined;
}

/** The way in: what people type and click. */
export interface Incoming {
  /** Hands the command to the desk and resolves to the answer. */
  type(command: TypedCommand): Promise<WebAnswer>;
  /** The same with a form. */
  submit(form: FilledForm): Promise<WebAnswer>;
  /** The same with a button. */
  act(click: ButtonClick): Promise<WebAnswer>;
  /** Resolves to the message with the reaction on it, or off it; undefined where there is no such message. */
  react(click: ReactionClick): Promise<WebMessage | undefined>;
}

interface IncomingEdges extends WebEdges {
  commandName: string;
  handlers: () => ChatHandlers;
  /** Throws a `UserError` where there is no such channel. */
  demandChannel: (channel: string) => void;
}

export function createIncoming(edges: IncomingEdges): Incoming {
  return {
    type: (command) => type(edges, command),
    submit: (form) => submit(edges, form),
    act: (click) => act(edges, click),
    react: (click) => react(edges, click),
  };
}

async function type(edges: IncomingEdges, { text, person, channel, key = randomUUID() }: TypedCommand) {
  const handlers = edges.handlers();
  edges.demandChannel(channel);
  const eventId = `web:command:${person}:${key}`;
  const reply = await handlers.onText(withoutName(text, edges.commandName), { person, channel, eventId });
  return toAnswer(edges, person, reply);
}

async function submit(edges: IncomingEdges, { form, person, channel, key = randomUUID() }: FilledForm) {
  const handlers = edges.handlers();
  edges.demandChannel(channel);
  const eventId = `web:form:${person}:${key}`;
  const reply = await handlers.onForm(form, { person, channel, eventId });
  return toAnswer(edges, person, reply);
}

async function act(edges: IncomingEdges, { action, note, person, channel, key = randomUUID() }: ButtonClick) {
  const handlers = edges.handlers();
  edges.demandChannel(channel);
  const command = buttonCommand(action, note);
  if (command === undefined) throw new UserError('*Edit* opens a form: `edit` with what is to change does the same.');
  const reply = await handlers.onCommand(command, { person, channel, eventId: `web:button:${person}:${key}` });
  return toAnswer(edges, person, reply);
}

async function toAnswer(edges: WebEdges, person: string, reply: Reply): Promise<WebAnswer> {
  const attachments = await keepFiles(edges, person, reply).catch((error: unknown) => {
    if (!isDiskFault(error)) throw error;
    return undefined;
  });
  if (attachments === undefined) {
    const why = line(
      "No file is attached: the disk of the host is full or can't be written. The run's page has its log.",
    );
    return toAnswer(edges, person, { ...reply, message: [...reply.message, why], files: [] });
  }
  const { message, isRefusal = false, isInChannel = false, draft = null, faults = [] } = reply;
  return { isRefusal, isInChannel, message, attachments, draft, faults };
}

async function keepFiles(
  { messages, now }: WebEdges,
  reader: string,
  reply: Reply,
): Promise<WebMessage['attachments']> {
  const files = await Promise.all((reply.files ?? []).map(measureFile));
  return files.map((file) => ({
    id: messages.addPrivateFile(reader, file, now()),
    name: file.name,
    sizeBytes: file.sizeBytes,
  }));
}

async function react(edges: IncomingEdges, { key = randomUUID(), ...click }: ReactionClick) {
  const { messages, now, emit } = edges;
  const { change, message: id, emoji, person } = click;
  const handlers = edges.handlers();
  const message = messages.find(id);
  if (message === undefined) return undefined;
  const eventId = `web:reaction:${person}:${id}:${change}:${emoji}:${key}`;
  const reaction = { ...click, eventId, at: now() };
  const outcome = messages.setReaction(reaction);
  if (outcome === 'same') return message;
  if (outcome === 'set') emit('reactions', id);
  const control = findControl(emoji);
  if (control === undefined) return messages.find(id);
  try {
    // One that is known as well: should a kill have come in between, nobody has heard of it. Who has, takes it once.
    await handlers.onReaction(change, control, String(id), { person, channel: message.channel, eventId });
  } catch (error) {
    // What did not act must not look as if it had; the next click is a new try.
    messages.undoReaction(reaction);
    emit('reactions', id);
    throw error;
  }
  return messages.find(id);
}

function withoutName(text: string, commandName: string): string {
  const trimmed = text.trim();
  const rest = trimmed.slice(commandName.length);
  return trimmed.startsWith(commandName) && /^(\s|$)/.test(rest) ? rest.trimStart() : trimmed;
}
