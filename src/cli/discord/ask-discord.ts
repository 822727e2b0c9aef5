import * as z from 'zod';

/** What Discord answers to what the terminal asks: the data, or why there is none. */
export type Asked<Data> =
  | { kind: 'data'; data: Data }
  /** The token is wrong or was reset. */
  | { kind: 'unauthorized' }
  /** Discord's own error: 10003 is an unknown channel, 50001 one that the bot may not see. */
  | { kind: 'refused'; status: number; code: number; message: string }
  | { kind: 'failed'; reason: string };

/** Reads `/channels/123`, say. */
export type AskDiscord = <Data>(path: string, schema: z.ZodType<Data>) => Promise<Asked<Data>>;

interface Options {
  token: string;
  restUrl: string;
}

const refusalSchema = z.object({ code: z.int(), message: z.string() });
const timeoutMs = 10_000;

/** Reads of Discord's REST API for commands of the terminal, which answer once and don't keep a connection. */
export function createAskDiscord({ token, restUrl }: Options): AskDiscord {
  return async (path, schema) => {
    try {
      const response = await fetch(`${restUrl}/v10${path}`, {
        // Discord refuses clients that don't say who they are in this form.
        headers: { authorization: `Bot ${token}`, 'user-agent': 'DiscordBot (nightdesk, 1.0)' },
        signal: AbortSignal.timeout(timeoutMs),
      });
      const body = readJson(await response.text());
      if (response.status === 401) return { kind: 'unauthorized' };
      if (response.ok) return readData(schema, body);
      const refusal = refusalSchema.safeParse(body);
      if (refusal.success) return { kind: 'refused', status: response.status, ...refusal.data };
      return { kind: 'failed', reason: `it answers with HTTP ${response.status}` };
    } catch (error) {
      return { kind: 'failed', reason: reasonOf(error) };
    }
  };
}

function readData<Data>(schema: z.ZodType<Data>, body: unknown): Asked<Data> {
  const read = schema.safeParse(body);
  if (read.success) return { kind: 'data', data: read.data };
  return { kind: 'failed', reason: 'it answers with something else than Discord does' };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // A proxy's error page; its status says more.
    return undefined;
  }
}

/** `fetch failed` says nothing; what lies below does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return code || (cause instanceof Error && cause.message) || error.message;
}
