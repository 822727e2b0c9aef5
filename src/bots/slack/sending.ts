import type { webApi } from '@slack/bolt';

import type { Pace } from './pace.ts';
import type { KeepControls } from './keep-controls.ts';

/** What posting and editing share. */
export interface Sending {
  client: webApi.WebClient;
  /** Of new messages and files, each channel for itself. */
  posts: Pace;
  /** Of edits, which have a limit of their own for the whole workspace. */
  edits: Pace;
  reactions: KeepControls;
  pageUrl(): string | undefined;
  now(): Date;
  /** Slack's id for a channel of the desk. */
  openDirect(channel: string): Promise<string>;
  onFault(error: unknown, where: string): void;
}
