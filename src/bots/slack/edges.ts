import type { App, webApi } from '@slack/bolt';
import type { Logger } from 'pino';

import type { OutgoingMessage } from '../chat.ts';
import type { Background } from './background.ts';
import type { HandOver } from './hand-over.ts';
import type { TellAsker } from './tell-asker.ts';

/** What the ways in share. */
export interface SlackEdges {
  app: App;
  web: webApi.WebClient;
  handOver: HandOver;
  tellAsker: TellAsker;
  /** For what follows after the desk has answered: nobody's acknowledgement waits for it. */
  background: Background;
  /** Posts into a channel or thread. */
  post: (message: OutgoingMessage) => Promise<string>;
  pageUrl: () => string | undefined;
  now: () => Date;
  log: Logger;
}
