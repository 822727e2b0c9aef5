export type Json = Record<string, unknown>;

/** Blocks as the app sent them, each with the `block_id` that Slack adds. */
export type Block = Json & { type: string; block_id?: string };

export interface SlackUser {
  id: string;
  name: string;
  team: string;
  tz: string;
  deleted: boolean;
  is_bot: boolean;
  /** A guest of several channels. */
  is_restricted: boolean;
  /** A guest of one channel. */
  is_ultra_restricted: boolean;
  /** Of another workspace, met in a shared channel. */
  is_stranger: boolean;
}

export interface SlackGroup {
  id: string;
  handle: string;
  users: string[];
}

export interface SlackChannel {
  id: string;
  name: string;
  kind: 'public' | 'private' | 'im';
  members: Set<string>;
  isArchived: boolean;
  /** Shared with another workspace. */
  isShared: boolean;
}

export interface SlackMessage {
  ts: string;
  channel: string;
  user: string;
  text: string;
  blocks?: Block[] | undefined;
  metadata?: Json | undefined;
  /** Of a reply: its thread. A parent has none here. */
  thread_ts?: string | undefined;
  /** A reply that the channel is shown as well. */
  isBroadcast: boolean;
  /** Of an app: written by its bot. */
  isBot: boolean;
  files: string[];
  reactions: { name: string; users: string[] }[];
  /** What it said before each edit, oldest first. */
  edits: { text: string; blocks?: Block[] | undefined; at: Date }[];
  /** Where replies hang on it, Slack shows a tombstone. */
  isDeleted: boolean;
}

/** What one person alone sees, and nobody after the next start of their client. */
export interface EphemeralMessage {
  ts: string;
  channel: string;
  user: string;
  text: string;
  blocks?: Block[] | undefined;
  thread_ts?: string | undefined;
  via: 'response_url' | 'chat.postEphemeral' | 'acknowledgement';
  /** The act that it answers, where its `response_url` or acknowledgement was used. */
  act?: string | undefined;
  isDeleted: boolean;
}

export interface SlackFile {
  id: string;
  name: string;
  title: string;
  length: number;
  bytes?: Buffer | undefined;
  isComplete: boolean;
  isDeleted: boolean;
  shares: { channel: string; ts: string; thread_ts?: string | undefined }[];
}

export interface SlackView {
  id: string;
  hash: string;
  type: 'modal' | 'home';
  user: string;
  /** As the app sent it: title, blocks, private_metadata, callback_id. */
  content: Json & { blocks: Block[] };
  /** What stands in the inputs now, by block and action. */
  state: Record<string, Record<string, Json>>;
  /** What the last submission was told, by block. */
  errors: Record<string, string>;
  isOpen: boolean;
  /** The act whose trigger opened it. */
  act?: string | undefined;
  parent?: string | undefined;
}
