/** What the server refused, in its own words. `status` 0: it could not be reached. */
class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Asks the server and resolves to its JSON. Throws an `ApiError`. */
export async function request(method, path, body, headers = {}) {
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const init = {
    method,
    headers: { ...json, ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  };
  const response = await fetch(path, init).catch(() => {
    throw new ApiError(0, 'nightdesk can’t be reached. Is it running?');
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok)
    throw new ApiError(response.status, answer.error?.message ?? `The server answered ${response.status}.`);
  return answer;
}
