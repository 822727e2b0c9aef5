import { createHmac, randomBytes } from 'node:crypto';

import type { Carrier, Delivery } from './deliveries.ts';
import type { Json } from './slack-types.ts';

/** A request's body in the form that Slack gives it: each kind has its own. */
function bodyOf({ kind, payload }: Delivery): { type: string; body: string } {
  const form = 'application/x-www-form-urlencoded';
  switch (kind) {
    case 'slash_commands':
      return { type: form, body: new URLSearchParams(payload as Record<string, string>).toString() };
    case 'interactive':
      return { type: form, body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString() };
    case 'events_api':
      return { type: 'application/json', body: JSON.stringify(payload) };
  }
}

/** Slack's signature: `v0=` and the HMAC of version, time and body. */
function signedHeaders(secret: string, body: string, atMs: number): Record<string, string> {
  const at = String(Math.floor(atMs / 1000));
  const signature = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': at, 'x-slack-signature': `v0=${signature}` };
}

/** HTTP mode: requests to the app's URL, signed. An answer of 200 is the acknowledgement. */
export function createSignedCarrier(options: {
  url: string;
  secret: string;
  acknowledge: (envelopeId: string, payload: Json) => void;
}): Carrier {
  const { url, secret, acknowledge } = options;
  return (delivery) => {
    const { type, body } = bodyOf(delivery);
    const { envelopeId, retries } = delivery;
    const headers = {
      'content-type': type,
      ...signedHeaders(secret, body, Date.now()),
      ...(retries > 0 && { 'x-slack-retry-num': String(retries), 'x-slack-retry-reason': 'http_timeout' }),
    };
    fetch(url, { method: 'POST', headers, body }).then(
      async (response) => {
        const text = await response.text();
        if (response.status === 200) acknowledge(envelopeId, readAnswer(text));
      },
      // Nobody answers: the acknowledgement's time runs out.
      () => {},
    );
    return true;
  };
}

/** Asks the app's URL whether it is one, as Slack does before it sends anything there. */
export async function verifyUrl(url: string, secret: string): Promise<boolean> {
  const challenge = randomBytes(8).toString('hex');
  const body = JSON.stringify({ type: 'url_verification', token: 'verification', challenge });
  const headers = { 'content-type': 'application/json', ...signedHeaders(secret, body, Date.now()) };
  const response = await fetch(url, { method: 'POST', headers, body });
  return response.status === 200 && (await response.text()).includes(challenge);
}

function readAnswer(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text === '' ? {} : { text };
  }
}
