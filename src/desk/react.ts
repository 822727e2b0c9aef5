import type { Actor, Chat } from '../bots/chat.ts';
import type { PendingReaction } from '../db/reactions.ts';
import type { Run } from '../db/runs.ts';
import type { Change, Store } from '../db/store.ts';
import { isAtLeast, roleIn, type Who } from '../model/access.ts';
import type { Control } from '../model/message.ts';
import type { About } from '../model/about.ts';
import { platformOf } from '../model/platform-of.ts';
import { runLabel } from '../model/run.ts';
import type { Runner } from '../runner/runner.ts';
import { actOnReaction, wantedRole } from './act-on-reaction.ts';
import type { DeskSettings } from './desk-settings.ts';
import { createKeepTrying } from './keep-trying.ts';

export interface ReactDependencies {
  store: Store;
  runner: Pick<Runner, 'cancel'>;
  chats: ReadonlyMap<string, Chat>;
  settings: DeskSettings;
  /** Called after a reaction that was carried out later than the bell rang. */
  afterChange: () => void;
  now: () => Date;
  onFault: (error: unknown, where: string, about?: About) => void;
}

/** A reaction acts after this time, in which it can be taken back. */
const takeBackMs = 5_000;
/** A platform that can't say who somebody is now is asked again after this time. */
const askAgainMs = 30_000;

export interface React {
  /** Keeps a reaction on a run's status message until it is time to act, or forgets one that is taken back. */
  onReaction(change: 'added' | 'removed', control: Control, ref: string, actor: Actor): void;
  /** Carries out the reactions whose time has come, cancels first. Throws where one could not be: it is due again. */
  actOnReactions(): void;
  /** Resolves when no platform is being asked who somebody is. */
  idle(): Promise<void>;
  /** Tries nothing again; what is being asked ends first. */
  stop(): Promise<void>;
}

export function createReact(dependencies: ReactDependencies): React {
  const { store, chats, settings, afterChange, now, onFault } = dependencies;
  let asking: Promise<void> | undefined;
  // A store that does not even take that a reaction is put off takes no alarm either, and no bell would ring for it.
  let isRingingAgain = false;
  const ringing = createKeepTrying({
    what: 'setting the bell for reactions',
    take(at: Date) {
      store.change((change) => change.alarm(at));
      isRingingAgain = false;
    },
    onFault: (error, where) => onFault(error, where),
  });
  const chatOf = ({ person }: PendingReaction): Chat | undefined => chats.get(platformOf(person));
  const isAsked = (reaction: PendingReaction): boolean => chatOf(reaction)?.identify !== undefined;

  async function askAndAct(reaction: PendingReaction): Promise<void> {
    try {
      const member = await chatOf(reaction)?.identify?.(reaction.person);
      carryOut(dependencies, reaction, member ?? { ...reaction.membership, isGone: false });
    } catch (error) {
      onFault(error, `the reaction of ${reaction.person} on ${runLabel(reaction.runId)}`, aboutReaction(reaction));
      const actsAt = new Date(now().getTime() + askAgainMs);
      store.change((change) => {
        change.reactions.putOff(reaction.id, actsAt);
        change.alarm(actsAt);
      });
    }
  }

  /** One after the other, so that a cancel comes before the retry that it stops. */
  async function askAndActOnDue(): Promise<void> {
    for (let next = dueNow().find(isAsked); next !== undefined; next = dueNow().find(isAsked)) await askAndAct(next);
    afterChange();
  }

  function ringAgain(): void {
    if (isRingingAgain) return;
    isRingingAgain = true;
    ringing.hand(new Date(now().getTime() + askAgainMs));
  }

  // Cancel beats retry.
  const dueNow = (): PendingReaction[] =>
    store.reactions.due(now()).sort((one, other) => one.control.localeCompare(other.control) || one.id - other.id);

  return {
    onReaction(kind, control, ref, actor) {
      store.change((change) => {
        if (!change.inbox.receive(actor.eventId, now())) return;
        const run = findRun(change, actor.channel, ref);
        if (run === undefined) return;
        if (kind === 'removed') {
          change.reactions.takeBack(run.id, control, actor.person);
          return;
        }
        // A 🛑 stops a 🔁 that has not acted yet, even where nothing is left to be cancelled.
        if (control === 'cancel' && isAllowed(settings, run, actor)) change.reactions.withdraw(run.id, 'retry');
        const actsAt = new Date(now().getTime() + takeBackMs);
        const { person, channel, eventId, groups, isGuest } = actor;
        const membership = { groups, isGuest };
        change.reactions.insert({ runId: run.id, control, person, channel, eventId, membership, actsAt });
        change.alarm(actsAt);
      });
    },
    actOnReactions() {
      const due = dueNow();
      const faults: unknown[] = [];
      for (const reaction of due.filter((each) => !isAsked(each))) {
        try {
          carryOut(dependencies, reaction, { ...reaction.membership, isGone: false });
        } catch (error) {
          onFault(error, `the reaction ${reaction.control} on ${runLabel(reaction.runId)}`, aboutReaction(reaction));
          faults.push(error);
        }
      }
      if (due.some(isAsked)) {
        asking ??= askAndActOnDue()
          .catch((error: unknown) => {
            onFault(error, 'reactions');
            ringAgain();
          })
          .finally(() => {
            asking = undefined;
          });
      }
      // Nothing else would ring the bell for them.
      if (faults.length > 0)
        throw new Error(`${faults.length} reactions failed; they are logged`, { cause: faults[0] });
    },
    idle: async () => asking,
    async stop() {
      await asking;
      ringing.stop();
    },
  };
}

function findRun(change: Change, channel: string, ref: string): Run | undefined {
  const runId = /^run:(\d+)$/.exec(change.outbox.viewByMessageRef(channel, ref)?.key ?? '')?.[1];
  return runId === undefined ? undefined : change.runs.get(Number(runId));
}

const isAllowed = (settings: DeskSettings, run: Run, who: Who): boolean =>
  isAtLeast(roleIn(settings.access, run.spec.project, who), wantedRole(run, who.person));

function carryOut(
  { store, runner, settings, now }: ReactDependencies,
  reaction: PendingReaction,
  member: Parameters<typeof actOnReaction>[1]['member'],
): void {
  const cancelled: string[] = [];
  store.change((change) => {
    // One that cannot be carried out is not tried for ever; one that was withdrawn meanwhile is gone.
    if (!change.reactions.delete(reaction.id)) return;
    const run = change.runs.get(reaction.runId);
    if (run !== undefined) actOnReaction(change, { settings, run, reaction, member, now: now(), cancelled });
  });
  for (const attemptId of cancelled) runner.cancel(attemptId);
}

const aboutReaction = ({ runId, channel }: PendingReaction): About => ({ run: runLabel(runId), channel });
