import type { FakeRunner } from '../fake-runner.ts';
import type { DeskFixture } from '../desk-fixture.ts';
import type { Subcommand } from '../../../src/model/grammar/subcommands.ts';
import type { DeskSettings } from '../../../src/desk/desk-settings.ts';
import type { Project } from '../../../src/model/project.ts';
import type { Control } from '../../../src/model/message.ts';
import type { Runner } from '../../../src/runner/runner.ts';
import type { BotProcess } from '../bot-process.ts';

/** A chat platform: its server, the adapter of `src/bots`, the desk and its store, as a story needs them. */
export interface Platform {
  readonly name: 'web' | 'slack' | 'discord';
  readonly nature: Nature;
  start(options?: StageOptions): Promise<Stage>;
  /** The platform's server alone, for a nightdesk in a process of its own. */
  startForProcess(): Promise<ProcessStage>;
}

/** What differs because the platforms do, and not because of us. */
export interface Nature {
  /** The name of the groups by which `access` may know people; undefined where people are known one by one. */
  groups: 'user group' | 'role' | undefined;
  /** A bot can be mentioned. The page has no bot beside itself: its composer takes every command in every place. */
  hasMentions: boolean;
  /** There is somebody else than us who limits, loses and refuses: what can be wrong with a channel. */
  faults: readonly ChannelFault[];
  /** People can leave, and be told by a direct message. */
  hasMembership: boolean;
  /** What words of time are read in: the person's own zone, where the platform knows it. */
  zone: string;
}

/** `revoked` is the bot's token, so that there are no direct messages either. */
export type ChannelFault = 'removed' | 'archived' | 'revoked';

export interface StageOptions {
  /** Runs are played by the test unless a runner is given. */
  runner?: Runner;
  projects?: Project[];
  settings?: Partial<DeskSettings>;
}

/** Who is there: ada is an admin, ben a member of `api`, cleo is so by a group, eve may look, gus is a guest. */
export const cast = ['ada', 'ben', 'cleo', 'eve', 'gus'] as const;
export type Name = (typeof cast)[number];

/** What people see of a message, as it is now. Markup is gone; a person is `@ada`, an instant `[2026-11-23T02:00:00.000Z]`. */
export interface Seen {
  id: string;
  text: string;
  /** The words on its buttons. */
  buttons: string[];
  files: string[];
  /** The reactions that the bot offers. */
  controls: Control[];
  /** Whom it tells: names, `everyone`. */
  tells: string[];
  /** What in it acts beyond letters, as the platform's clients read it: mentions, links, headings. */
  acts: string[];
}

export interface Act {
  /** What the person alone is shown for it. Where the channel shows the same, there may be none. */
  answer(): Promise<Seen>;
  /** The names of the files that the person is given for it: with the answer, or by direct message. */
  files(): Promise<string[]>;
}

/** A form, by the names of its fields. */
export interface Form {
  fields: Record<
    'goal' | 'project' | 'when' | 'accept' | 'retries' | 'overlap' | 'catch-up' | 'catch-up-within' | 'name',
    string
  >;
  /** The projects that it offers. */
  projects: string[];
  /** Fills fields in and sends it. */
  submit(changes: Partial<Form['fields']>): Promise<Refused | undefined>;
}

export interface Refused {
  /** The fields that have something wrong with them. */
  at: string[];
  /** The form with everything that was typed. */
  again: Form;
}

export interface Person {
  name: Name;
  /** `slack:U012`. */
  reference: string;
  /** The command by a line, or by native options where the platform has them. */
  command(name: Subcommand, options?: Record<string, string>, channel?: string): Promise<Act>;
  /** `schedule` with nothing behind it, or *New job*. */
  newJob(): Promise<Form>;
  editJob(job: string): Promise<Form>;
  press(on: Seen, button: string): Promise<Act>;
  /** The button that opens the form: *Fix it*, *Edit*. */
  pressForForm(on: Seen, button: string): Promise<Form>;
  retryWithNote(on: Seen, note: string): Promise<Act>;
  react(on: Seen, control: Control): Promise<void>;
  takeBack(on: Seen, control: Control): Promise<void>;
  /** Mentions the bot in the thread of a message. */
  mention(words: string, on: Seen): Promise<void>;
  /** Leaves the workspace or the server. */
  leave(): void;
  /** The direct messages that they have from the bot. */
  direct(): Seen[];
}

export interface Stage extends Record<Name, Person> {
  nature: Nature;
  /** The one of now; a restart brings another. */
  desk: DeskFixture;
  /** Where runs are played by the test. */
  runner: FakeRunner;
  /** The channel that commands are typed in where none is named. */
  channel: string;
  addChannel(name: string): string;
  /** What a channel shows, oldest first. */
  seen(channel?: string): Seen[];
  thread(of: Seen): Seen[];
  /** The one message of the channel whose text has `text`, once it is there. */
  message(text: string | RegExp, channel?: string): Promise<Seen>;
  /** Waits until `find` finds something. */
  until<Found>(what: string, find: () => Found | undefined | null | false): Promise<Found>;
  /** Everything that came in is carried out, and everything is delivered, edits that wait for their turn too. */
  settle(): Promise<void>;
  /** Stops and starts nightdesk on the same store; messages stay where they are. */
  restart(): Promise<void>;
  /** The platform delivers again what it has delivered so far, this many times. */
  redeliver(times: number): Promise<void>;
  /** Posts into a channel are limited from now on; ends it. */
  limit(channel: string): () => void;
  breakChannel(fault: ChannelFault): void;
  mendChannel(fault: ChannelFault): void;
  stop(): Promise<void>;
}

/** A server with a channel and ada in it. */
export interface ProcessStage {
  /** Sections of nightdesk.yaml. */
  config: Record<string, unknown>;
  env: Record<string, string>;
  /** Called at the instant at which the channel has a message with `text`, before the bot can learn of it where that is possible. */
  onStored(text: string, act: () => void, bot: BotProcess): Promise<void>;
  connected(count: number): Promise<void>;
  /** Types a command without waiting for what becomes of it. */
  type(name: Subcommand, options: Record<string, string>, bot: BotProcess): void;
  texts(bot: BotProcess): Promise<string[]>;
  stop(): Promise<void>;
}
