import { renderText } from '../bots/render-text.ts';
import type { WebAnswer } from '../bots/web/incoming.ts';
import { renderAttachmentJson } from './message-json.ts';

/** What a command or a button was answered, as the API shows it. */
export const renderAnswerJson = (answer: WebAnswer, zone: string) => ({
  ok: !answer.isRefusal,
  isInChannel: answer.isInChannel,
  text: renderText(answer.message, zone),
  message: answer.message,
  attachments: answer.attachments.map(renderAttachmentJson),
  ...(answer.draft === null ? {} : { draft: { id: answer.draft.id, url: `/?draft=${answer.draft.id}` } }),
});
