import { randomUUID } from 'node:crypto';

import type { Json } from './slack-types.ts';
import type { World } from './world.ts';

export type DeliveryKind = 'slash_commands' | 'interactive' | 'events_api';

/** Something that Slack tells the app, until it is acknowledged. */
export interface Delivery {
  envelopeId: string;
  kind: DeliveryKind;
  payload: Json;
  /** How often it was sent again. */
  retries: number;
  sentAt: number;
  /** How long each acknowledgement took, in milliseconds; of every envelope that it came in. */
  acknowledgedMs: number[];
}

/** What the person's client shows: the acknowledgement with its payload, or that there was none. */
export type Ack =
  | { ok: true; payload: Json; afterMs: number }
  | { ok: false; failure: 'operation_timeout' | 'dispatch_failed'; afterMs: number };

/** Brings a delivery to the app; false where nobody is connected. */
export type Carrier = (delivery: Delivery) => boolean;

export interface Deliveries {
  all: Delivery[];
  deliver(kind: DeliveryKind, payload: Json): Promise<Ack>;
  /** The app's answer. */
  acknowledge(envelopeId: string, payload: Json): void;
  /** The same envelope once more, as after a lost acknowledgement; with `asNew` under a new envelope id. */
  sendAgain(delivery: Delivery, how?: { asNew?: boolean }): void;
  /** Every delivery from now on comes this many times more. */
  copies(count: number): void;
  /** Sends what the app has not acknowledged again: Slack does so for events. Gives how many. */
  retryEvents(): number;
  close(): void;
}

/** Delivers through whatever `carrier` gives, and watches the time that Slack waits for an acknowledgement. */
export function createDeliveries(world: World, carrier: () => Carrier, limitMs: number): Deliveries {
  const all: Delivery[] = [];
  const byEnvelope = new Map<string, Delivery>();
  const waiting = new Map<string, (ack: Ack) => void>();
  const timers = new Set<NodeJS.Timeout>();
  let copies = 0;

  function fail(delivery: Delivery, failure: 'operation_timeout' | 'dispatch_failed'): void {
    const tell = waiting.get(delivery.envelopeId);
    if (tell === undefined) return;
    waiting.delete(delivery.envelopeId);
    if (failure === 'operation_timeout')
      world.violations.push(`${delivery.kind}: not acknowledged within ${limitMs} ms.`);
    tell({ ok: false, failure, afterMs: performance.now() - delivery.sentAt });
    world.signal.touch();
  }

  function deliver(kind: DeliveryKind, payload: Json): Promise<Ack> {
    const delivery = {
      envelopeId: randomUUID(),
      kind,
      payload,
      retries: 0,
      sentAt: performance.now(),
      acknowledgedMs: [],
    };
    all.push(delivery);
    byEnvelope.set(delivery.envelopeId, delivery);
    return new Promise((resolve) => {
      waiting.set(delivery.envelopeId, resolve);
      if (!carrier()(delivery)) return fail(delivery, 'dispatch_failed');
      for (let copy = 0; copy < copies; copy += 1) sendAgain(delivery);
      const timer = setTimeout(() => {
        timers.delete(timer);
        fail(delivery, 'operation_timeout');
      }, limitMs);
      timers.add(timer);
    });
  }

  function sendAgain(delivery: Delivery, { asNew = false } = {}): void {
    delivery.retries += 1;
    const envelopeId = asNew ? randomUUID() : delivery.envelopeId;
    byEnvelope.set(envelopeId, delivery);
    carrier()({ ...delivery, envelopeId });
  }

  return {
    all,
    deliver,
    acknowledge: (envelopeId, payload) => {
      const delivery = byEnvelope.get(envelopeId);
      if (delivery === undefined) return;
      const afterMs = performance.now() - delivery.sentAt;
      delivery.acknowledgedMs.push(afterMs);
      waiting.get(envelopeId)?.({ ok: true, payload, afterMs });
      waiting.delete(envelopeId);
      world.signal.touch();
    },
    sendAgain,
    copies: (count) => void (copies = count),
    retryEvents: () => {
      const lost = all.filter(({ kind, acknowledgedMs }) => kind === 'events_api' && acknowledgedMs.length === 0);
      lost.forEach((delivery) => sendAgain(delivery));
      return lost.length;
    },
    close: () => timers.forEach((timer) => clearTimeout(timer)),
  };
}
