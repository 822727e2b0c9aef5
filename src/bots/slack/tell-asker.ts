import { setTimeout as pause } from 'node:timers/promises';

import { webApi } from '@slack/bolt';
import type { Logger } from 'pino';

import type { Reply } from '../chat.ts';
import type { Answers } from './answer.ts';
import type { Place } from './place.ts';
import type { SlackPayload } from './render.ts';
import { quiet } from './send-message.ts';

export interface TellAskerOptions {
  web: webApi.WebClient;
  /** What a reply is for `user`, in as few parts as it takes. */
  answers: Answers;
  log: Logger;
}

/** Shows a reply to who asked for it, and to nobody else. Rejects never: what can't be shown is logged. */
export type TellAsker = (reply: Reply, user: string, place: Place) => Promise<void>;

const timeoutMs = 10_000;
const rounds = 4;

export function createTellAsker({ web, answers, log }: TellAskerOptions): TellAsker {
  return async (reply, user, place) => {
    try {
      for (const part of await answers(reply, user)) await show(web, part, user, place);
    } catch (error) {
      log.warn({ err: error, person: `slack:${user}` }, 'An answer could not be shown in Slack');
    }
  };
}

/** First the way that works everywhere, then those for when it has run out. Where Slack asks for a pause, all of them again. */
async function show(web: webApi.WebClient, part: SlackPayload, user: string, place: Place): Promise<void> {
  const { channel, thread, responseUrl } = place;
  const threaded = thread === undefined ? {} : { thread_ts: thread };
  const ways = [
    ...(responseUrl === undefined ? [] : [() => respond(responseUrl, { ...part, ...threaded })]),
    () => web.chat.postEphemeral({ ...part, ...threaded, channel, user }),
    () => web.chat.postMessage({ ...quiet, ...part, channel: user }),
  ];
  for (let round = 1; ; round += 1) {
    const faults: unknown[] = [];
    for (const way of ways) {
      try {
        await way();
        return;
      } catch (error) {
        faults.push(error);
      }
    }
    const busy = faults.find((fault) => fault instanceof webApi.WebAPIRateLimitedError);
    if (busy === undefined || round === rounds) {
      throw new AggregateError(faults, 'Neither as an answer nor as a message', { cause: faults[0] });
    }
    await pause(busy.retryAfter * 1_000, undefined, { ref: false });
  }
}

async function respond(url: string, message: SlackPayload & { thread_ts?: string }): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ ...message, response_type: 'ephemeral', replace_original: false }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const answer = await response.text();
  if (response.status === 429) {
    throw new webApi.WebAPIRateLimitedError(Number(response.headers.get('retry-after') ?? '') || 1);
  }
  if (response.ok && !/"ok"\s*:\s*false/.test(answer)) return;
  throw new Error(`The response URL answers ${response.status}: ${answer.slice(0, 200)}`);
}
