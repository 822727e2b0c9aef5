import { Events, type Client } from 'discord.js';
import type { Logger } from 'pino';

/** What discord.js tells of the connection, in our log. An `error` that nobody listens for would end the process. */
export function logGateway(client: Client, log: Logger): void {
  client.on(Events.Error, (error) => log.error({ err: error }, 'A fault in the connection to Discord'));
  client.on(Events.ShardError, (error) => log.warn({ err: error }, 'The connection to Discord has a fault'));
  client.on(Events.Warn, (text) => log.warn(text));
  client.on(Events.ShardReconnecting, () => log.warn('The connection to Discord is gone; it is taken up again'));
  client.on(Events.ShardResume, (_shard, events) => log.info({ events }, 'The session with Discord goes on'));
  client.on(Events.Debug, (text) => {
    // The only place where an invalid session is said.
    if (text.includes('Invalid session')) log.warn('Discord has ended the session; another one begins');
  });
}
