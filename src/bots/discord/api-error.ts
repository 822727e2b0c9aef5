import { DiscordAPIError, HTTPError, RateLimitError, RESTJSONErrorCodes as codes } from 'discord.js';

import { botPermissions } from './bot-permissions.ts';
import { ChatBusy, ChatRefusal, ChatUnreachable } from '../chat-refusal.ts';

/** Where something was to be said. */
export type DiscordPlace = { kind: 'channel' | 'thread' | 'person'; id: string };

/** Whether Discord answered with one of `wanted`. */
export const isApiError = (error: unknown, ...wanted: number[]): boolean =>
  error instanceof DiscordAPIError && wanted.includes(Number(error.code));

/** Where a rate limit names no time. */
const usualPauseMs = 1_000;
/** A message older than an hour takes only so many edits; Discord does not say when it takes the next. */
const oldMessagePauseMs = 60_000;

const permissions = new Intl.ListFormat('en-GB').format(Object.keys(botPermissions));

/**
 * What an error of Discord means for a delivery. What is not listed may pass (an outage, a timeout, a dead network) and is
 * tried again; what was sent may have come through.
 */
export function toChatError(error: unknown, place: DiscordPlace): Error {
  if (error instanceof ChatBusy || error instanceof ChatRefusal || error instanceof ChatUnreachable) return error;
  if (error instanceof RateLimitError) {
    const pauseMs = Math.max(error.retryAfter, error.sublimitTimeout, error.timeToReset, usualPauseMs);
    return new ChatBusy(`Discord asks for a pause (${error.scope})`, pauseMs);
  }
  if (isApiError(error, codes.MaximumNumberOfEditsToMessagesOlderThanOneHourReached)) {
    return new ChatBusy('Discord takes no more edits of this old message for now', oldMessagePauseMs);
  }
  if (error instanceof DiscordAPIError) return explain(error, place) ?? error;
  if (error instanceof HTTPError) return new Error(`Discord answers ${error.status}`, { cause: error });
  if (error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')) {
    return new Error('Discord did not answer in time', { cause: error });
  }
  if (error instanceof Error && isOfNetwork(error)) {
    return new Error(`Discord can't be reached: ${error.message}`, { cause: error });
  }
  return error instanceof Error ? error : new Error(String(error));
}

const isOfNetwork = (error: Error): boolean =>
  'code' in error &&
  /^(?:UND_ERR_|ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EPIPE|EHOST|ENET|CERT_|ERR_TLS)/.test(String(error.code));

function explain(error: DiscordAPIError, place: DiscordPlace): Error | undefined {
  const cause = { cause: error };
  if (error.status === 401) {
    return new ChatUnreachable(
      'Discord refuses the token: it was reset or revoked. Put the new one into DISCORD_TOKEN and start nightdesk again.',
      cause,
    );
  }
  const where = place.kind === 'person' ? `the person ${place.id}` : `the ${place.kind} ${place.id}`;
  switch (error.code) {
    case codes.UnknownMessage:
    case codes.CannotEditMessageAuthoredByAnotherUser:
      return new ChatRefusal(`The message is not there, or not nightdesk's (Discord: ${error.message})`, cause);
    case codes.UnknownChannel:
      return place.kind === 'thread'
        ? new ChatRefusal(`The thread ${place.id} is deleted`, cause)
        : new ChatUnreachable(
            `The Discord channel ${place.id} is deleted. Its jobs go on, and their results are on the page; \`schedule\` in another channel makes jobs that are told there.`,
            cause,
          );
    case codes.InvalidActionOnArchivedThread:
    case codes.ThreadLocked:
    case codes.MaximumActiveThreads:
      return new ChatRefusal(`Nothing can be said in ${where} (Discord: ${error.message})`, cause);
    case codes.CannotExecuteActionOnThisChannelType:
    case codes.CannotSendMessagesInNonTextChannel:
      return place.kind === 'thread'
        ? new ChatRefusal(`There can be no thread here (Discord: ${error.message})`, cause)
        : new ChatUnreachable(`Discord takes no messages in ${where}: it is not a text channel.`, cause);
    case codes.MissingAccess:
      return new ChatUnreachable(
        `nightdesk can't see ${where} on Discord. Allow its role View Channel there, or invite it to the server again: \`nightdesk discord invite\` prints the link.`,
        cause,
      );
    case codes.MissingPermissions:
      return new ChatUnreachable(
        `nightdesk may not do this in ${where} on Discord. Allow its role ${permissions} there; \`nightdesk doctor\` names what is missing.`,
        cause,
      );
    case codes.CannotSendMessagesToThisUser:
    case codes.CannotSendMessagesToThisUserDueToHavingNoMutualGuilds:
      return new ChatUnreachable(
        `Discord delivers no direct message to ${where}. They can allow direct messages in the privacy settings of the server that they share with nightdesk.`,
        cause,
      );
    case codes.UnknownUser:
    case codes.InvalidRecipients:
      return new ChatRefusal(`Discord does not know ${where}`, cause);
    case codes.VerifyYourAccount:
      return new ChatUnreachable(
        `Discord wants nightdesk's account verified first. (Discord: ${error.message})`,
        cause,
      );
    default:
      return undefined;
  }
}
