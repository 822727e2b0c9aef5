import type { Command } from '../model/command.ts';
import type { FieldFault, FormFields } from '../model/job-form.ts';
import type { Control, Message } from '../model/message.ts';

/** Where an act came from. `person` and `channel` have their platform in front: `web:ada`, `web:general`. */
export interface Actor {
  person: string;
  channel: string;
  /** The platform's id of this delivery: the same event delivered twice has the same id. */
  eventId: string;
}

/** What the asker is answered. `file` is for an answer longer than a message. */
export interface Reply {
  message: Message;
  /** Absolute paths of files to attach. */
  files?: { name: string; path: string }[];
  /** The channel is shown the same: an adapter whose asker sees the channel need not show the answer too. */
  isInChannel?: boolean;
  /** The refused text is kept: a form that `id` opens has everything that was typed. To be shown as a button, *Fix it*. */
  draft?: { id: number };
  /** What is wrong with a form, each at its field. */
  faults?: FieldFault[];
  /** The command could not be read or was not allowed: scripts are told so. */
  isRefusal?: boolean;
}

/** What somebody filled in. Without a `target` it makes a job; with one, `fields` has only what was changed. */
export interface FormSubmission {
  /** The job to edit. */
  target?: string | undefined;
  /** The draft that is mended with it. */
  draft?: number | undefined;
  fields: FormFields;
}

/** What an adapter hands in. Every call may be repeated with the same `eventId`: it acts once. */
export interface ChatHandlers {
  /** `text` is what stood behind `/claude`. Resolves to the answer, which only the asker sees. Never rejects. */
  onText(text: string, actor: Actor): Promise<Reply>;
  /** A filled form. A refusal has `faults`. Never rejects. */
  onForm(form: FormSubmission, actor: Actor): Promise<Reply>;
  /** A command from a button. Never rejects. */
  onCommand(command: Command, actor: Actor): Promise<Reply>;
  /** Somebody put a control on, or took it back from, the message `ref`. */
  onReaction(change: 'added' | 'removed', control: Control, ref: string, actor: Actor): Promise<void>;
}

/** A file of a message. Its text has no secrets in it any more. */
export interface Attachment {
  name: string;
  /** An absolute path on the host. */
  path: string;
}

export interface OutgoingMessage {
  /** The same key twice is the same message: it must not be shown twice. */
  key: string;
  channel: string;
  /** The message whose thread this one belongs to, as `post` returned it. */
  thread?: string | undefined;
  message: Message;
  /** Reactions that the bot keeps on the message, for people to use. */
  controls: Control[];
  attachments: Attachment[];
  /** The person to mention, so that the platform tells them. */
  mention?: string | undefined;
}

/**
 * The port to a chat platform. Message references are opaque strings that only the adapter can read. A rejected promise is
 * a failed delivery and is tried again; `ChatRefusal` says that trying again won't help.
 */
export interface Chat {
  /** `web`, `slack`, `discord`: what channel and person references begin with. */
  readonly platform: string;
  /** How long to wait between two edits of one message; 3 s where it is not given. */
  readonly editIntervalMs?: number;
  start(handlers: ChatHandlers): Promise<void>;
  stop(): Promise<void>;
  /** Posts once per key and returns the message's reference. */
  post(message: OutgoingMessage): Promise<string>;
  /** Replaces a message's text and controls. */
  edit(ref: string, message: Message, controls: Control[]): Promise<void>;
}
