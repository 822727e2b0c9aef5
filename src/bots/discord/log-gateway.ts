import { Events, type Client } from 'discord.js';
import type { Logger } from 'pino';

/** What discord.js tells of the connection, in our log. An `error` that nobody listens for would end the process. */
export function logGateway(client: Client, log: Logger): void {
  // A connection that is gone is tried again twice a second; each trouble is said once until it is there.
  const said = new Set<string>();
  const levelOf = (trouble: string): 'debug' | 'warn' => {
    const level = said.has(trouble) ? 'debug' : 'warn';
    said.add(trouble);
    return level;
  };
  client.on(Events.Error, (error) => log.error({ err: error }, 'A fault in the connection to Discord'));
  client.on(Events.ShardError, (error) =>
    log[levelOf(error.message)]({ err: error }, 'The connection to Discord has a fault'),
  );
  client.on(Events.Warn, (text) => log.warn(text));
  client.on(Events.ShardReconnecting, () =>
    log[levelOf('gone')]('The connection to Discord is gone; it is taken up again'),
  );
  client.on(Events.ShardReady, () => said.clear());
  client.on(Events.ShardResume, (_shard, events) => {
    said.clear();
    log.info({ events }, 'The session with Discord goes on');
  });
  client.on(Events.Debug, (text) => {
    // The only place where an invalid session is said.
    if (text.includes('Invalid session')) log.warn('Discord has ended the session; another one begins');
  });
}
