import { CliProblem } from './cli-problem.ts';

export interface ApiClient {
  /** Throws a `CliProblem` with the server's own words for what it refuses. */
  getJson(path: string): Promise<unknown>;
  postJson(path: string, body: unknown): Promise<unknown>;
  /** The body as text, in parts as they come. */
  getText(path: string): AsyncIterable<string>;
}

/** Talks to a running bot. */
export function createApiClient(url: string, token: string): ApiClient {
  async function request(path: string, init: { method: string; body: string } | null = null): Promise<Response> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    let response: Response;
    try {
      response = await fetch(new URL(path, url), { ...init, headers });
    } catch (error) {
      throw new CliProblem(`No bot answers at ${url}. \`nightdesk start\` starts it.`, { cause: error });
    }
    if (response.ok) return response;
    throw new CliProblem(await problemText(response));
  }
  return {
    getJson: async (path) => (await request(path)).json(),
    postJson: async (path, body) => (await request(path, { method: 'POST', body: JSON.stringify(body) })).json(),
    async *getText(path) {
      const { body } = await request(path);
      if (body !== null) yield* body.pipeThrough(new TextDecoderStream());
    },
  };
}

async function problemText(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const { error } = JSON.parse(text) as { error?: { message?: string } };
    if (error?.message !== undefined) return error.message;
  } catch {
    // Not ours: what it says is shown as it is.
  }
  return `The bot answered ${response.status}: ${text.slice(0, 200)}`;
}
