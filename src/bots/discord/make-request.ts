import { DefaultRestOptions, type RESTOptions } from 'discord.js';

/**
 * The SDK's own way to send a request, with forms of files written out beforehand. Its HTTP client takes the process's
 * dispatcher, and once another library has loaded a later version of that client (Slack's does), the dispatcher is of that
 * version, which takes no form that it did not make.
 */
export const makeRequest: RESTOptions['makeRequest'] = async (url, init) => {
  if (!(init.body instanceof FormData)) return DefaultRestOptions.makeRequest(url, init);
  const written = new Response(init.body);
  const headers = new Headers(init.headers as Record<string, string>);
  headers.set('content-type', written.headers.get('content-type') ?? '');
  const body = new Uint8Array(await written.arrayBuffer());
  return DefaultRestOptions.makeRequest(url, { ...init, headers: Object.fromEntries(headers), body });
};
