import { once } from 'node:events';
import { createServer } from 'node:net';

import type { Config } from '../../config/config-value.ts';
import { findBotAddress } from '../bot-address.ts';
import { fault, ok, warning, type Finding } from './finding.ts';

const check = 'bot';

/** Whether a bot runs and answers; where none does, whether it could listen. */
export async function checkBot(config: Config): Promise<Finding> {
  const url = findBotAddress(config.dataDirectory);
  if (url === undefined) return await checkPort(config.web);
  try {
    const { status } = await fetch(new URL('/healthz', url), { signal: AbortSignal.timeout(3_000) });
    return status === 200
      ? ok(check, `it runs, and answers at ${url}`)
      : fault(check, `it runs at ${url}, and says that it is not well (status ${status})`, 'look at its log');
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') {
      return fault(check, `something listens at ${url} and does not answer`, 'look at the log of the bot; restart it');
    }
    const port = await checkPort(config.web);
    if (port.state === 'fault') return port;
    return warning(check, 'the last one was killed; none runs now', 'start it: nightdesk start');
  }
}

async function checkPort({ host, port }: Config['web']): Promise<Finding> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return ok(check, `none runs; ${host}, port ${port === 0 ? 'any' : port} is free for it`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return code === 'EADDRINUSE'
      ? fault(check, `port ${port} of ${host} is taken by another program`, `set another one: web.port: ${port + 1}`)
      : fault(check, `none could listen on ${host}, port ${port} (${code})`, 'correct web.host and web.port');
  } finally {
    server.close();
  }
}
