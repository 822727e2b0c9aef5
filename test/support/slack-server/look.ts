import type { EphemeralMessage, SlackChannel, SlackFile, SlackMessage } from './slack-types.ts';
import type { World } from './world.ts';

export interface Look {
  /** What a channel shows, oldest first; with `thread`, the replies in there. */
  messagesIn(channel: SlackChannel, thread?: SlackMessage): SlackMessage[];
  /** What a person alone sees. */
  ephemeralFor(user: { id: string }): EphemeralMessage[];
  filesOf(message: SlackMessage): SlackFile[];
  /** Waits for a state, looking again whenever something has changed. */
  until: World['signal']['until'];
}

/** What people see in the workspace. */
export function createLook(world: World): Look {
  return {
    messagesIn: ({ id }, thread) =>
      world.messages.filter(
        (one) =>
          one.channel === id &&
          !one.isDeleted &&
          (thread === undefined ? one.thread_ts === undefined || one.isBroadcast : one.thread_ts === thread.ts),
      ),
    ephemeralFor: ({ id }) => world.ephemeral.filter((one) => one.user === id && !one.isDeleted),
    filesOf: ({ files }) => files.flatMap((id) => world.files.get(id) ?? []),
    until: world.signal.until,
  };
}
