import type { PendingReaction } from '../db/reactions.ts';
import type { Run } from '../db/runs.ts';
import type { Change } from '../db/store.ts';
import { isAtLeast, roleIn, type Membership, type Role } from '../model/access.ts';
import { code, line, person } from '../model/message.ts';
import { isFinal, runLabel } from '../model/run.ts';
import { UserError } from '../model/user-error.ts';
import { cancelRun } from './cancel-run.ts';
import { ownersOf } from './commands/command-context.ts';
import type { DeskSettings } from './desk-settings.ts';
import { retryRun } from './retry-run.ts';
import { runViewKey } from './tell-run.ts';
import { runLink } from './texts/page-links.ts';
import { renderUserText } from './texts/user-text.ts';

export interface ReactionAct {
  settings: DeskSettings;
  run: Run;
  reaction: PendingReaction;
  /** The person as they are at this moment. */
  member: Membership & { isGone: boolean };
  now: Date;
  /** Gets the attempts to be ended once the change is committed. */
  cancelled: string[];
}

/** What it takes to retry or cancel the run: members may do it to what is theirs. */
export const wantedRole = (run: Run, person: string): Role =>
  ownersOf(run).includes(person) ? 'member' : 'maintainer';

/** Does what a reaction asks for, with the rights that its person has now, and says so in the run's thread. */
export function actOnReaction(change: Change, act: ReactionAct): void {
  const { settings, run, reaction, member, now } = act;
  const { control, person: by } = reaction;
  const say = (...content: Parameters<typeof line>): void => sayInThread(change, act, content);
  const audit = (what: string, target: string): void => {
    const { channel, eventId } = reaction;
    change.audit.write({ at: now, person: by, channel, eventId, act: what, target });
  };
  if (member.isGone) {
    audit('refused', `${control} ${runLabel(run.id)}: they have left`);
    say(person(by), ' has left: the reaction does nothing.');
    return;
  }
  const role = roleIn(settings.access, run.spec.project, { ...member, person: by });
  const wanted = wantedRole(run, by);
  if (!isAtLeast(role, wanted)) {
    audit('refused', `${control} ${runLabel(run.id)}`);
    // Who may not even see the project is told nothing of it.
    if (role === undefined) return;
    const key = `access.${run.spec.project}.${wanted}s`;
    say(
      person(by),
      ` may not ${control} this run: it takes a ${wanted} of `,
      code(run.spec.project),
      '. Their id here is ',
      code(by),
      '; ',
      code(key),
      ' in nightdesk.yaml would allow it.',
    );
    return;
  }
  if (control === 'cancel') {
    // Cancel beats retry, whoever asked first.
    change.reactions.withdraw(run.id, 'retry');
    const cancelAttempt = (attemptId: string): void => void act.cancelled.push(attemptId);
    if (cancelRun(change, { run, by, settings, now, cancelAttempt })) audit('cancel', runLabel(run.id));
    return;
  }
  // 🔁 on a run that lives means nothing: what it could mean is said by the run's own buttons.
  if (!isFinal(run.status)) return;
  try {
    const retry = retryRun(change, { run, by: { ...member, person: by }, settings, now });
    audit('retry', runLabel(run.id));
    say('🔁 ', person(by), ' retries it: ', runLink(retry.id), '.');
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const why = renderUserText(error.message).flatMap((block) => (block.kind === 'line' ? block.content : []));
    say(person(by), ': ', ...why);
  }
}

function sayInThread(change: Change, { run, reaction, now }: ReactionAct, content: Parameters<typeof line>): void {
  const threadOf = runViewKey(run.id);
  const key = `${threadOf}:reaction:${reaction.id}`;
  change.outbox.post({ key, channel: run.spec.channel, threadOf, body: [line(...content)] }, now);
}
