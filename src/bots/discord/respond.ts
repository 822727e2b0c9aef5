import { setTimeout as sleep } from 'node:timers/promises';

import {
  DiscordAPIError,
  InteractionResponseType,
  MessageFlags,
  RESTJSONErrorCodes,
  Routes,
  type APICommandAutocompleteInteractionResponseCallbackData,
  type APIInteraction,
  type APIModalInteractionResponseCallbackData,
  type RawFile,
  type REST,
} from 'discord.js';

import type { Reply } from '../chat.ts';
import type { AnswerPart } from './answer.ts';
import type { Row } from './components.ts';

export interface RespondEdges {
  rest: REST;
  /** A reply in as many messages as it needs. */
  renderAnswer: (reply: Reply) => Promise<AnswerPart[]>;
  /** Tells a person in their direct messages what can't be answered any more. */
  tell: (person: string, reply: Reply, key: string) => Promise<unknown>;
  now: () => Date;
}

interface Asked {
  interaction: APIInteraction;
  person: string;
  /** When it came in. */
  at: Date;
  /** The answer replaces the message with the button, instead of being one of its own. */
  isUpdate?: boolean;
}

/** An answer that takes longer is announced: Discord waits 3 s, people less. */
const deferAfterMs = 300;
/** Discord takes none that is later than 3 s. */
const callbackTimeoutMs = 5_000;
/** The token of an interaction lives 15 min. */
const tokenLifeMs = 14.5 * 60_000;

/** Answers to what people type and click, for their eyes only. */
export function createRespond({ rest, renderAnswer, tell, now }: RespondEdges) {
  const callback = async ({ id, token }: APIInteraction, body: object, files: RawFile[] = []): Promise<void> => {
    try {
      const signal = files.length > 0 ? {} : { signal: AbortSignal.timeout(callbackTimeoutMs) };
      await rest.post(Routes.interactionCallback(id, token), { body, files, auth: false, ...signal });
    } catch (error) {
      // A first try came through, and its answer did not.
      if (!isCode(error, RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged)) throw error;
    }
  };

  async function defer({ interaction, isUpdate = false }: Asked): Promise<void> {
    const type = isUpdate
      ? InteractionResponseType.DeferredMessageUpdate
      : InteractionResponseType.DeferredChannelMessageWithSource;
    await callback(interaction, { type, ...(isUpdate ? {} : { data: { flags: MessageFlags.Ephemeral } }) });
  }

  async function send(asked: Asked, parts: AnswerPart[], isDeferred: boolean): Promise<void> {
    const { interaction, isUpdate = false } = asked;
    const { application_id: application, token } = interaction;
    const [first, ...more] = parts.map(toRaw);
    if (first === undefined) return;
    if (isDeferred) {
      await rest.patch(Routes.webhookMessage(application, token), { ...asEdit(first), auth: false });
    } else {
      const type = isUpdate ? InteractionResponseType.UpdateMessage : InteractionResponseType.ChannelMessageWithSource;
      await callback(interaction, { type, data: first.body }, first.files);
    }
    for (const part of more) await rest.post(Routes.webhook(application, token), { ...part, auth: false });
  }

  return {
    /** Asks something back, with buttons to answer. */
    ask: (
      interaction: APIInteraction,
      { content, components }: { content: string; components: Row[] },
    ): Promise<void> =>
      callback(interaction, {
        type: InteractionResponseType.ChannelMessageWithSource,
        data: { content, components, flags: MessageFlags.Ephemeral, allowed_mentions: { parse: [] } },
      }),
    /** Answers with what `work` resolves to; where that takes long, something is there at once. */
    async answer(asked: Asked, work: Promise<Reply>): Promise<void> {
      const rendering = work.then(renderAnswer);
      // Files take their time to be sent.
      const isReady = rendering.then((parts) => parts.every(({ files }) => files.length === 0));
      const isLate = !(await Promise.race([isReady, sleep(deferAfterMs, false)]));
      const [acknowledged, rendered] = await Promise.allSettled([isLate ? defer(asked) : undefined, rendering]);
      if (rendered.status === 'rejected') throw rendered.reason;
      const isOver = now().getTime() - asked.at.getTime() > tokenLifeMs;
      try {
        if (acknowledged.status === 'rejected') throw acknowledged.reason;
        if (isOver) throw new Error('The token of the interaction is over');
        await send(asked, rendered.value, isLate);
      } catch (error) {
        // It was carried out: the person is told where that still works.
        await tell(asked.person, await work, `answer:${asked.interaction.id}`);
        if (!isOver && !isUnanswerable(error)) throw error;
      }
    },
    openModal: (interaction: APIInteraction, data: APIModalInteractionResponseCallbackData): Promise<void> =>
      callback(interaction, { type: InteractionResponseType.Modal, data }),
    async suggest(
      interaction: APIInteraction,
      choices: NonNullable<APICommandAutocompleteInteractionResponseCallbackData['choices']>,
    ): Promise<void> {
      const type = InteractionResponseType.ApplicationCommandAutocompleteResult;
      try {
        await callback(interaction, { type, data: { choices } });
      } catch (error) {
        // Who has typed on is suggested something newer.
        if (!isUnanswerable(error)) throw error;
      }
    },
  };
}

export type Respond = ReturnType<typeof createRespond>;

interface Raw {
  body: { flags: number; [key: string]: unknown };
  files: RawFile[];
}

/** In the API's own words, and with files as the HTTP client takes them. */
const toRaw = ({ files, allowedMentions, ...body }: AnswerPart): Raw => ({
  body: { ...body, allowed_mentions: allowedMentions },
  files: files.map(({ name, attachment }) => ({ name, data: attachment })),
});

/** Who sees an answer was said when it was announced: an edit can't say it again. */
const asEdit = ({ body, files }: Raw): Raw => ({
  body: { ...body, flags: body.flags & ~MessageFlags.Ephemeral },
  files,
});

const isCode = (error: unknown, code: number): boolean => error instanceof DiscordAPIError && error.code === code;

/** The interaction or its token is not there any more. */
const isUnanswerable = (error: unknown): boolean =>
  isCode(error, RESTJSONErrorCodes.UnknownInteraction) ||
  isCode(error, RESTJSONErrorCodes.InvalidWebhookToken) ||
  isCode(error, RESTJSONErrorCodes.UnknownWebhook);
