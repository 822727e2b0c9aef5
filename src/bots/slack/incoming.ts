import type { BlockAction, ViewSubmitAction } from '@slack/bolt';

import type { ChatHandlers } from '../chat.ts';
import { createBackground } from './background.ts';
import { listenToButtons } from './buttons.ts';
import { listenToCommands } from './commands.ts';
import { connect, type ConnectOptions } from './connect.ts';
import type { SlackEdges } from './edges.ts';
import { eventIdOf } from './event-id.ts';
import { formCallback } from './form-view.ts';
import { createHandOver } from './hand-over.ts';
import type { Members } from './members.ts';
import { listenToMentions } from './mentions.ts';
import { noteCallback, submitNote } from './note-form.ts';
import { previewForm } from './preview-form.ts';
import { listenToReactions } from './reactions.ts';
import { readView } from './read-form-view.ts';
import { createTellAsker, type TellAskerOptions } from './tell-asker.ts';
import { submitForm } from './submit-form.ts';
import { within } from '../within.ts';

export interface IncomingOptions
  extends ConnectOptions, Pick<SlackEdges, 'post' | 'pageUrl' | 'now'>, Pick<TellAskerOptions, 'answers'> {
  members: Members;
}

export interface Incoming {
  /** Takes what people do to `handlers`, once Slack can be reached. */
  start(handlers: ChatHandlers): void;
  isConnected(): boolean;
  /** Acknowledges and answers what has come, and closes the connections. */
  stop(): Promise<void>;
}

/** How long the end waits for answers that are on their way. */
const lastAnswersMs = 5_000;

/** The way in: what people do in Slack. */
export function createIncoming(options: IncomingOptions): Incoming {
  const { members, answers, web, post, pageUrl, now, onFault, log } = options;
  let handlers: ChatHandlers | undefined;
  const connection = connect(options);
  const background = createBackground(onFault);
  const started = (): ChatHandlers => {
    if (handlers === undefined) throw new Error('The Slack chat is not started');
    return handlers;
  };
  listen({
    app: connection.app,
    web,
    handOver: createHandOver({ members, handlers: started }),
    tellAsker: createTellAsker({ web, answers, log }),
    background,
    post,
    pageUrl,
    now,
    log,
  });
  return {
    start(given) {
      handlers = given;
      connection.start();
    },
    isConnected: connection.isUp,
    async stop() {
      await connection.stop();
      await within(background.settled(), lastAnswersMs);
    },
  };
}

function listen(edges: SlackEdges): void {
  listenToCommands(edges);
  listenToButtons(edges);
  listenToMentions(edges);
  listenToReactions(edges);
  const { app } = edges;
  app.view<ViewSubmitAction>(formCallback, async ({ view, body, context, ack }) =>
    submitForm(edges, { view: readView(view), user: body.user.id, eventId: eventIdOf(context), ack }),
  );
  app.view<ViewSubmitAction>(noteCallback, async ({ view, body, context, ack }) =>
    submitNote(edges, { view: readView(view), user: body.user.id, eventId: eventIdOf(context), ack }),
  );
  app.action<BlockAction>({ action_id: /^nd-form:/, type: 'block_actions' }, async ({ body, context, ack }) => {
    await previewForm(edges, { view: readView(body.view), user: body.user.id, eventId: eventIdOf(context) });
    await ack();
  });
}
