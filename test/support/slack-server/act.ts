import { randomUUID } from 'node:crypto';

import type { Ack, Deliveries, DeliveryKind } from './deliveries.ts';
import type { EphemeralMessage, Json, SlackMessage, SlackView } from './slack-types.ts';
import { show } from './use-response-url.ts';
import { inputsOf } from './view-state.ts';
import type { World } from './world.ts';

/** Something that a person did, and what Slack shows them of it. */
export interface Act {
  ack: Ack;
  /** What the person alone was shown for it so far. */
  answers(): EphemeralMessage[];
  /** Waits for the next of these. */
  answer(): Promise<EphemeralMessage>;
  /** Waits for the modal that it opened. */
  modal(): Promise<SlackView>;
  /** Waits until that has something to fill in: an app that is busy says so in it first. */
  form(): Promise<SlackView>;
}

interface Started {
  id: string;
  trigger_id: string;
  /** A path: the origin goes in front. */
  responsePath: string;
}

export interface Acts {
  /** Makes what every act has: a trigger of three seconds and a URL to answer at. */
  start(from: { user: string; channel: string; source?: SlackMessage | EphemeralMessage | undefined }): Started;
  /** Delivers it and shows what the acknowledgement carries. */
  send(started: Started, kind: DeliveryKind, payload: Json): Promise<Act>;
}

export function createActs(world: World, deliveries: Deliveries): Acts {
  return {
    start: ({ user, channel, source }) => {
      const id = randomUUID();
      const now = world.now().getTime();
      const trigger_id = `${world.id('')}.${id}`;
      const responsePath = `/commands/${world.team}/${world.id('')}/${id}`;
      world.triggers.set(trigger_id, { user, act: id, expiresAt: now + 3000, isUsed: false });
      world.responseUrls.set(responsePath, { act: id, user, channel, source, expiresAt: now + 30 * 60_000, uses: 0 });
      return { id, trigger_id, responsePath };
    },
    send: async ({ id, responsePath }, kind, payload) => {
      const url = world.responseUrls.get(responsePath);
      const seen = world.ephemeral.length;
      const answers = (): EphemeralMessage[] =>
        world.ephemeral
          .slice(seen)
          .filter(
            (one) => one.act === id || (one.act === undefined && one.user === url?.user && one.channel === url.channel),
          );
      const ack = await deliveries.deliver(kind, payload);
      const isAnswer =
        kind === 'slash_commands' &&
        ack.ok &&
        (ack.payload['text'] !== undefined || ack.payload['blocks'] !== undefined);
      if (isAnswer && url !== undefined) show(world, url, ack.payload, 'acknowledgement');
      const opened = (): SlackView | undefined => [...world.views.values()].find((view) => view.act === id);
      let taken = 0;
      return {
        ack,
        answers,
        answer: async () => {
          const index = taken;
          taken += 1;
          return await world.signal.until('an answer', () => answers()[index]);
        },
        modal: () => world.signal.until('a modal', opened),
        form: () =>
          world.signal.until('a form', () => {
            const view = opened();
            return view !== undefined && inputsOf(view.content.blocks).length > 0 && view;
          }),
      };
    },
  };
}
