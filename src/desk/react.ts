import type { Actor } from '../bots/chat.ts';
import type { PendingReaction } from '../db/reactions.ts';
import type { Run } from '../db/runs.ts';
import type { Change, Store } from '../db/store.ts';
import { isAtLeast, roleIn, type Who } from '../model/access.ts';
import { line, person, type Control } from '../model/message.ts';
import { isFinal, runLabel } from '../model/run.ts';
import { UserError } from '../model/user-error.ts';
import type { Runner } from '../runner/runner.ts';
import { cancelRun } from './cancel-run.ts';
import { ownersOf } from './commands/command-context.ts';
import type { DeskSettings } from './desk-settings.ts';
import { retryRun } from './retry-run.ts';
import { runViewKey } from './tell-run.ts';
import { runLink } from './texts/page-links.ts';
import { renderUserText } from './texts/user-text.ts';

export interface ReactDependencies {
  store: Store;
  runner: Pick<Runner, 'cancel'>;
  settings: DeskSettings;
  now: () => Date;
  onFault: (error: unknown, where: string) => void;
}

/** A reaction acts after this time, in which it can be taken back. */
const takeBackMs = 5_000;

export interface React {
  /** Keeps a reaction on a run's status message until it is time to act, or forgets one that is taken back. */
  onReaction(change: 'added' | 'removed', control: Control, ref: string, actor: Actor): void;
  /** Carries out the reactions whose time has come, cancels first. */
  actOnReactions(): void;
}

export function createReact({ store, runner, settings, now, onFault }: ReactDependencies): React {
  return {
    onReaction(kind, control, ref, actor) {
      store.change((change) => {
        if (!change.inbox.receive(actor.eventId, now())) return;
        const runId = /^run:(\d+)$/.exec(change.outbox.viewByMessageRef(actor.channel, ref)?.key ?? '')?.[1];
        const run = runId === undefined ? undefined : change.runs.get(Number(runId));
        if (run === undefined) return;
        if (kind === 'removed') {
          change.reactions.takeBack(run.id, control, actor.person);
          return;
        }
        // A 🛑 stops a 🔁 that has not acted yet, even where nothing is left to be cancelled.
        if (control === 'cancel' && isAllowed(settings, run, actor)) change.reactions.withdraw(run.id, 'retry');
        const actsAt = new Date(now().getTime() + takeBackMs);
        change.reactions.insert({ runId: run.id, control, person: actor.person, channel: actor.channel, actsAt });
        change.alarm(actsAt);
      });
    },
    actOnReactions() {
      const at = now();
      // Cancel beats retry.
      const due = store.reactions
        .due(at)
        .sort((one, other) => one.control.localeCompare(other.control) || one.id - other.id);
      for (const reaction of due) {
        const cancelled: string[] = [];
        try {
          store.change((change) => {
            // One that cannot be carried out is not tried for ever; one that was withdrawn meanwhile is gone.
            if (!change.reactions.delete(reaction.id)) return;
            const run = change.runs.get(reaction.runId);
            if (run !== undefined) act(change, { settings, run, reaction, now: at, cancelled });
          });
        } catch (error) {
          onFault(error, `the reaction ${reaction.control} on ${runLabel(reaction.runId)}`);
        }
        for (const attemptId of cancelled) runner.cancel(attemptId);
      }
    },
  };
}

const wantedRole = (run: Run, person: string) => (ownersOf(run).includes(person) ? 'member' : 'maintainer');

const isAllowed = (settings: DeskSettings, run: Run, who: Who): boolean =>
  isAtLeast(roleIn(settings.access, run.spec.project, who), wantedRole(run, who.person));

interface Act {
  settings: DeskSettings;
  run: Run;
  reaction: PendingReaction;
  now: Date;
  cancelled: string[];
}

function act(change: Change, { settings, run, reaction, now, cancelled }: Act): void {
  const { control, person: by } = reaction;
  const say = (...content: Parameters<typeof line>): void => {
    const key = `${runViewKey(run.id)}:reaction:${reaction.id}`;
    change.outbox.post({ key, channel: run.spec.channel, threadOf: runViewKey(run.id), body: [line(...content)] }, now);
  };
  const role = roleIn(settings.access, run.spec.project, reaction);
  const wanted = wantedRole(run, by);
  if (role === undefined) return;
  if (!isAtLeast(role, wanted)) {
    say(person(by), ` may not ${control} this run: it takes a ${wanted} of `, run.spec.project, '.');
    return;
  }
  change.audit.write({ at: now, person: by, channel: reaction.channel, act: control, target: runLabel(run.id) });
  if (control === 'cancel') {
    // Cancel beats retry, whoever asked first.
    change.reactions.withdraw(run.id, 'retry');
    cancelRun(change, { run, by, settings, now, cancelAttempt: (attemptId) => void cancelled.push(attemptId) });
    return;
  }
  // 🔁 on a run that lives means nothing: what it could mean is said by the run's own controls.
  if (!isFinal(run.status)) return;
  try {
    const retry = retryRun(change, { run, by, settings, now });
    say('🔁 ', person(by), ' retries it: ', runLink(retry.id), '.');
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(
      person(by),
      ': ',
      ...renderUserText(error.message).flatMap((block) => (block.kind === 'line' ? block.content : [])),
    );
  }
}
