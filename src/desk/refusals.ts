import type { Reply } from '../bots/chat.ts';
import { isDiskFault } from '../model/disk.ts';
import { UserError } from '../model/user-error.ts';
import { renderUserText } from './texts/user-text.ts';

/** Logs a fault and returns the reference that the person is shown. */
export type OnFault = (error: unknown, where: string) => string;

export const refuse = (error: UserError): Reply => ({ message: renderUserText(error.message), isRefusal: true });

/** What the asker is told of what was thrown: a mistake in its own words, a fault by its reference in the log. */
export function refusalOf(error: unknown, where: string, onFault: OnFault): Reply {
  if (error instanceof UserError) return refuse(error);
  const reference = onFault(error, where);
  const text = isDiskFault(error)
    ? `The disk of the host is full or can't be written: nothing was changed, and nothing new is taken until it can be. \`nightdesk doctor\` on the host says what to do.`
    : `That failed inside nightdesk; nothing was changed. The log has it under ${reference}.`;
  return { message: renderUserText(text), isRefusal: true };
}
