import type { Membership } from '../model/access.ts';
import type { Command } from '../model/command.ts';
import type { FieldFault, FormFields, JobForm } from '../model/job-form.ts';
import type { Control, Message } from '../model/message.ts';

export type { Membership };

/** Where an act came from. `person` and `channel` have their platform in front: `web:ada`, `slack:U012`, `slack:C012`. */
export interface Actor extends Membership {
  person: string;
  channel: string;
  /** The platform's id of this delivery: the same event delivered twice has the same id. */
  eventId: string;
  /** The person's own IANA zone, where the platform knows it: what words of time are read in if nobody names one. */
  zone?: string | undefined;
}

/** A person as the platform knows them now. */
export interface Member extends Membership {
  /** Left the workspace or the server, or was deactivated: may do nothing, and can't be told anything. */
  isGone: boolean;
  zone?: string | undefined;
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
  /** What the adapter itself can't read of it: with any, nothing is carried out. */
  faults?: FieldFault[] | undefined;
  /** The form is closed once it is sent: a refused one is kept as a draft, so that nothing that was typed is lost. */
  isClosed?: boolean | undefined;
}

/** Which form to open: a new job (with what was typed already), a draft, or a job by its name. */
export type FormSource = { fields?: FormFields } | { draft: number } | { job: string };

/** What a form opens with. */
export interface OpenForm {
  /** The job that is edited; `null` makes a new one. */
  target: string | null;
  draft: number | null;
  fields: JobForm;
  /** What holds of the job; of a new one, nothing. Only what differs from it is an edit. */
  base: JobForm;
  /** What holds where a field is left empty, for placeholders. */
  usual: Pick<
    JobForm,
    'zone' | 'timeout' | 'retries' | 'budget' | 'model' | 'notify' | 'overlap' | 'catch-up' | 'catch-up-within'
  >;
  /** What a draft was refused for. */
  faults: FieldFault[];
  /** The projects that the person may schedule in. */
  projects: string[];
}

/** The words of a schedule as a sentence with its next instants, or why they can't be read. */
export type WhenPreview =
  | { ok: true; sentence: string; zone: string; instants: string[] }
  | { ok: false; field: 'when' | 'zone'; message: string };

/** What may be typed in a field with suggestions. */
export interface Suggestion {
  value: string;
  /** What people see: `r142 upgrade-deps failed`. */
  label: string;
}

/** What an adapter hands in. Acts may be repeated with the same `eventId`: they act once. Nothing here rejects. */
export interface ChatHandlers {
  /** `text` is what stood behind `/claude`. Resolves to the answer, which only the asker sees. */
  onText(text: string, actor: Actor): Promise<Reply>;
  /** A filled form. A refusal has `faults`. */
  onForm(form: FormSubmission, actor: Actor): Promise<Reply>;
  /** A command from a button. */
  onCommand(command: Command, actor: Actor): Promise<Reply>;
  /**
   * The bot was mentioned in the thread of the message `ref`; `text` is what stood beside the mention. The answer is for the
   * thread; one without a block is nothing to be shown: the same event was answered before. Outside a run's thread it says what
   * can be said where.
   */
  onMention(text: string, ref: string | undefined, actor: Actor): Promise<Reply>;
  /** Somebody put a control on, or took it back from, the message `ref`. */
  onReaction(change: 'added' | 'removed', control: Control, ref: string, actor: Actor): Promise<void>;
  /** What a form opens with, or the refusal where the person may not open it. */
  openForm(source: FormSource, actor: Actor): Promise<{ form: OpenForm } | { refusal: Reply }>;
  /** What `words` mean in `zone` (empty: the channel's, else the person's own, else the host's). */
  previewWhen(words: string, zone: string, actor: Actor): Promise<WhenPreview>;
  /** At most 25 that begin with, or have in them, what is typed so far; only what the person may view or schedule in. */
  suggest(what: 'project' | 'job' | 'run', typed: string, actor: Actor): Promise<Suggestion[]>;
}

/** A file of a message. Its text has no secrets in it any more. */
export interface Attachment {
  name: string;
  /** An absolute path on the host. */
  path: string;
}

export interface OutgoingMessage {
  /** The same key twice is the same message: it must not be shown twice, and shows what it was given last. */
  key: string;
  /** `slack:C012`, or a person's own direct messages: `slack:@U012`. */
  channel: string;
  /** The message whose thread this one belongs to, as `post` returned it. */
  thread?: string | undefined;
  /** With its buttons; the bot keeps the reactions of `controlsIn(message)` on it. */
  message: Message;
  attachments: Attachment[];
  /** The person to mention, so that the platform tells them. In a thread, the channel is shown the message as well. */
  mention?: string | undefined;
  /** When it was written. */
  writtenAt: Date;
  /** An earlier try may have come through, here or before a restart: look before sending. */
  isDoubtful: boolean;
  /** What an earlier try of this message has noted. */
  noted?: string | undefined;
  /** Keeps a note for the next try (which parts are through), before this returns. A later note replaces it. */
  note(text: string): void;
}

/**
 * The port to a chat platform. Message references are opaque strings that only the adapter can read. A rejected promise is
 * a failed delivery and is tried again. `ChatRefusal` says that trying again won't help, `ChatUnreachable` that a person
 * has to do something, `ChatBusy` when to come back.
 */
export interface Chat {
  /** `web`, `slack`, `discord`: what channel and person references begin with. */
  readonly platform: string;
  /** How long to wait between two edits of one message; 3 s where it is not given. */
  readonly editIntervalMs?: number;
  start(handlers: ChatHandlers): Promise<void>;
  /** Whether what people do there reaches the bot now. Left out where there is nothing to connect. */
  isConnected?(): boolean;
  stop(): Promise<void>;
  /** Posts once per key and returns the message's reference. */
  post(message: OutgoingMessage): Promise<string>;
  /** Replaces a message's text, buttons and reactions. */
  edit(ref: string, message: Message): Promise<void>;
  /**
   * The person as they are now, for an act that was asked for earlier and for an owner to be told. Undefined where the
   * platform can't say. Left out where people can't leave.
   */
  identify?(person: string): Promise<Member | undefined>;
}
