import { createHash } from 'node:crypto';

import type { ReceiverEvent } from '@slack/bolt';
import type { Logger } from 'pino';

import { BoundedMap } from '../bounded-map.ts';

export interface AcknowledgeOptions {
  /** Handles an arrival; its `customProperties.eventId` is the same however often it is delivered. */
  handle: (event: ReceiverEvent) => Promise<void>;
  log: Logger;
}

export interface Acknowledge {
  /** Handles what arrived and acknowledges it in time; what arrived before is acknowledged as it was then. */
  processEvent(event: ReceiverEvent): Promise<void>;
  /** Resolves when everything that arrived is handled and acknowledged. */
  settled(): Promise<void>;
}

/**
 * What is handled by then is acknowledged after it is kept; a crash in between lets Slack deliver it again. The rest is
 * acknowledged first, and would be lost with a crash. Slack gives up after 3 s, and people look at a spinner until then.
 */
const acknowledgeWithinMs = 300;

/** Behind so many that wait for the desk nothing is kept within that time: it is acknowledged at once. */
const crowd = 30;

/** How many arrivals are remembered. Slack delivers again within minutes; the desk's inbox knows what came before a restart. */
const remembered = 5_000;

/** Acknowledges what arrives within `acknowledgeWithinMs`, and hands each arrival on once. */
export function createAcknowledge({ handle, log }: AcknowledgeOptions): Acknowledge {
  const known = new BoundedMap<string, Promise<unknown>>(remembered);
  const open = new Set<Promise<void>>();

  async function process(event: ReceiverEvent): Promise<void> {
    const eventId = eventIdOf(event);
    const answered = Promise.withResolvers<unknown>();
    const before = known.get(eventId);
    known.set(eventId, before ?? answered.promise);

    // An answer to a form is its acknowledgement: acknowledged without one, it would close over what was typed.
    const isDue = !isForm(event);
    if (isDue && open.size >= crowd) answered.resolve(undefined);
    const timer = isDue ? setTimeout(() => answered.resolve(undefined), acknowledgeWithinMs) : undefined;
    const acknowledged = answered.promise
      .then((answer) => event.ack(answer))
      .catch((error: unknown) => {
        // Its connection is gone: Slack delivers it again over another one.
        log.debug({ err: error }, 'Slack could not be told that something arrived');
      });
    if (before === undefined) await handleOnce(event, eventId, (answer) => answered.resolve(answer));
    else answered.resolve(await Promise.race([before, answered.promise]));
    clearTimeout(timer);
    await acknowledged;
  }

  async function handleOnce(event: ReceiverEvent, eventId: string, answer: (answer: unknown) => void): Promise<void> {
    try {
      await handle({
        ...event,
        customProperties: { eventId },
        // Bolt acknowledges an event before it is handled.
        ack: async (given: unknown) => {
          if (!isEvent(event)) answer(given);
        },
      });
    } catch (error) {
      log.error({ err: error }, 'Something that arrived from Slack could not be handled');
    }
    answer(undefined);
  }

  return {
    processEvent(event) {
      const work = process(event).finally(() => void open.delete(work));
      open.add(work);
      return work;
    },
    async settled() {
      while (open.size > 0) await Promise.all(open);
    },
  };
}

export const isEvent = ({ body }: ReceiverEvent): boolean => body['type'] === 'event_callback';
const isForm = ({ body }: ReceiverEvent): boolean => body['type'] === 'view_submission';

/**
 * An event has an id of its own. Of the rest all that is delivered is the id: it has the trigger and the answer's URL in it,
 * which each act has anew, while envelopes may change from one delivery to the next.
 */
function eventIdOf({ body }: ReceiverEvent): string {
  const id: unknown = body['event_id'];
  if (typeof id === 'string') return `slack:${id}`;
  return `slack:${createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 27)}`;
}
