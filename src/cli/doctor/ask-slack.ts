/** An answer of Slack's Web API: `ok`, or the code of its refusal. */
export interface SlackAnswer {
  ok: boolean;
  error?: string;
  /** With `missing_scope`. */
  needed?: string;
  /** What the token may do, where Slack says so. */
  scopes?: string[];
  [key: string]: unknown;
}

const timeoutMs = 10_000;

/** Asks a method of the Web API once. Throws where there is no answer that can be read, in words. */
export async function askSlack(
  apiUrl: string,
  token: string,
  method: string,
  args: Record<string, string> = {},
): Promise<SlackAnswer> {
  let response: Response;
  try {
    response = await fetch(new URL(method, apiUrl), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: new URLSearchParams(args),
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    const cause = (error as { cause?: { code?: string } }).cause?.code;
    throw new Error(cause ?? (error as Error).message, { cause: error });
  }
  if (response.status !== 200) throw new Error(`status ${response.status}`);
  const answer = (await response.json()) as SlackAnswer;
  const scopes = response.headers.get('x-oauth-scopes');
  return scopes === null ? answer : { ...answer, scopes: scopes.split(/\s*,\s*/) };
}
