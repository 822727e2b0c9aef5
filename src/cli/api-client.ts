import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

import { CliProblem } from './cli-problem.ts';

export interface ApiClient {
  /** Throws a `CliProblem` with the server's own words for what it refuses. */
  getJson(path: string): Promise<unknown>;
  postJson(path: string, body: unknown): Promise<unknown>;
  /** The body as text, in parts as they come. */
  getText(path: string): AsyncIterable<string>;
}

/** A command that waits for another writer of the store is answered later than usual. */
const usualPatienceMs = 20_000;

/** Talks to a running bot. */
export function createApiClient(url: string, token: string, answerWithinMs = usualPatienceMs): ApiClient {
  async function ask<T>(
    path: string,
    read: (response: Response) => Promise<T>,
    send: Send = fetch,
    init: { method: string; body: string } | null = null,
  ): Promise<T> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), answerWithinMs);
    try {
      const response = await send(new URL(path, url), { ...init, headers, signal: patience.signal });
      if (response.status === 401) throw notLetIn(url);
      if (!response.ok) throw new CliProblem(await problemText(response));
      return await read(response);
    } catch (error) {
      if (error instanceof CliProblem) throw error;
      const said = patience.signal.aborted
        ? `What listens at ${url} has not answered for ${answerWithinMs / 1000} s. \`nightdesk doctor\` looks at the bot.`
        : `No bot answers at ${url}. \`nightdesk start\` starts it.`;
      throw new CliProblem(said, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }
  const readJson = async (response: Response): Promise<unknown> => {
    const text = await response.text();
    try {
      return JSON.parse(text);
    } catch (error) {
      throw notOurs(url, error);
    }
  };
  return {
    getJson: (path) => ask(path, readJson),
    postJson: (path, body) => ask(path, readJson, fetch, { method: 'POST', body: JSON.stringify(body) }),
    async *getText(path) {
      // What follows the first bytes comes when a run has more to say.
      const { body } = await ask(path, async (response) => response, getForLong);
      try {
        if (body !== null) yield* body.pipeThrough(new TextDecoderStream());
      } catch (error) {
        throw new CliProblem(`The bot at ${url} was gone before the end. What it said so far is above.`, {
          cause: error,
        });
      }
    },
  };
}

type Send = (url: URL, init: { headers: Record<string, string>; signal: AbortSignal }) => Promise<Response>;

/** As `fetch`, which gives up a body that is silent for five minutes. A run may be silent for hours, and one that waits for days. */
const getForLong: Send = async (url, init) => {
  const asked = get(url, { ...init, agent: false });
  // One that comes behind the head is told by the body.
  asked.on('error', () => undefined);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return new Response(Readable.toWeb(answer) as ReadableStream<Uint8Array>, { status: answer.statusCode ?? 0 });
};

/** The command has a token of the file that the bot reads too: it is the name that the bot does not go by, or the bot is another. */
const notLetIn = (url: string): CliProblem =>
  new CliProblem(
    `The bot at ${url} does not let in the first of \`web.people\`. After a change there it has to read its configuration again (kill -HUP), or to be restarted.`,
  );

/** Something else may have been given the port since the bot was killed. */
export function notOurs(url: string, cause: unknown): CliProblem {
  return new CliProblem(
    `What answers at ${url} does not speak as this nightdesk does. \`nightdesk start\` starts the bot; restart one that was updated.`,
    { cause },
  );
}

async function problemText(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const { error } = JSON.parse(text) as { error?: { message?: string } };
    if (error?.message !== undefined) return error.message;
  } catch {
    // Not ours: what it says is shown as it is.
  }
  if (response.status === 431)
    return 'What was given is too long for a request. A job or a run has a short name, such as r142.';
  return `The bot answered ${response.status}: ${text.slice(0, 200)}`;
}
