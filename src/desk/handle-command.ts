import type { Actor, ChatHandlers, FormSubmission, Reply } from '../bots/chat.ts';
import type { Run } from '../db/runs.ts';
import type { Store } from '../db/store.ts';
import type { Command } from '../model/command.ts';
import { isDiskFault } from '../model/disk.ts';
import { createFaultList, FieldFaults } from '../model/field-faults.ts';
import { renderHelp } from '../model/grammar/help.ts';
import { parseCommand } from '../model/grammar/parse-command.ts';
import { withoutFlags } from '../model/grammar/without-flags.ts';
import { bold, line } from '../model/message.ts';
import { UserError } from '../model/user-error.ts';
import type { Runner } from '../runner/runner.ts';
import {
  cancelTarget,
  deleteJob,
  pauseAll,
  pauseJob,
  resumeAll,
  resumeJob,
  retryTarget,
  runJob,
} from './commands/change-jobs.ts';
import { answerMention } from './commands/answer-mention.ts';
import { writeAudit, type Answer, type CommandContext } from './commands/command-context.ts';
import { editJob } from './commands/edit-job.ts';
import { resumeLogin } from './commands/resume-login.ts';
import { listJobs, listProjects, showHistory, showLog, showTarget } from './commands/read-jobs.ts';
import { scheduleJob } from './commands/schedule-job.ts';
import { submitForm } from './commands/submit-form.ts';
import type { CancelPastStore } from './cancel-past-store.ts';
import type { DeskSettings } from './desk-settings.ts';
import { faultsOf, keepDraft, keepForm } from './keep-draft.ts';
import { NotAllowed } from './not-allowed.ts';
import { refusalOf, refuse, type OnFault } from './refusals.ts';
import { renderFault } from './texts/fault-text.ts';
import { renderUserText } from './texts/user-text.ts';

export interface HandleCommandDependencies {
  store: Store;
  runner: Pick<Runner, 'cancel'>;
  cancelPastStore: Pick<CancelPastStore, 'cancel'>;
  settings: DeskSettings;
  /** Called after each change: starts what waits and delivers what is to be told. */
  afterChange: () => void;
  now: () => Date;
  onFault: OnFault;
}

export type HandleCommand = Pick<ChatHandlers, 'onText' | 'onForm' | 'onCommand' | 'onMention'>;

/**
 * Carries out what people ask for. Everything that a command does is one change: a mistake or a fault leaves nothing behind
 * but, of a `schedule` or `edit` that was refused for what it says, the draft of it; and the same event delivered again acts
 * once.
 */
export function createHandleCommand(dependencies: HandleCommandDependencies): HandleCommand {
  const { onFault } = dependencies;
  async function answer(act: () => Reply, actor: Actor): Promise<Reply> {
    try {
      return act();
    } catch (error) {
      if (error instanceof NotAllowed) writeRefused(dependencies, actor, error);
      return refusalOf(error, `a command of ${actor.person}`, onFault);
    }
  }
  return {
    onText: (text, actor) => answer(() => carryOutText(dependencies, text, actor), actor),
    onCommand: (command, actor) => answer(() => carryOutCommand(dependencies, command, actor), actor),
    onMention: (text, ref, actor) => answer(() => carryOutMention(dependencies, text, ref, actor), actor),
    onForm: (form, actor) =>
      answer(() => {
        try {
          return carryOut(dependencies, actor, (context) => submitForm(context, form));
        } catch (error) {
          if (error instanceof NotAllowed) writeRefused(dependencies, actor, error);
          if (error instanceof UserError) return refuseForm(dependencies, form, actor, error);
          throw error;
        }
      }, actor),
  };
}

/** The change that was refused has left nothing behind. */
function writeRefused(dependencies: HandleCommandDependencies, actor: Actor, { what }: NotAllowed): void {
  try {
    inChange(dependencies, actor, (context) => writeAudit(context, 'refused', what));
  } catch (error) {
    dependencies.onFault(error, 'the audit of a refusal');
  }
}

/** Commands that only read. */
const reading: ReadonlySet<Command['name']> = new Set(['list', 'show', 'history', 'log', 'projects', 'help']);

/** What is wrong with a form, each at its field; where the form is closed, with a draft of it that can be opened again. */
function refuseForm(dependencies: HandleCommandDependencies, form: FormSubmission, actor: Actor, error: UserError) {
  // What the adapter found is about its own inputs, which may have flags in them.
  const faults = faultsOf(error).map((fault) =>
    form.faults?.includes(fault) === true ? fault : { ...fault, message: withoutFlags(fault.message) },
  );
  const refusal: Reply = { ...refuse(error), faults };
  if (form.isClosed !== true) return { ...refusal, message: faults.flatMap(({ message }) => renderUserText(message)) };
  const draft = inChange(dependencies, actor, (context) => keepForm(context, form, error));
  const message = faults.flatMap(renderFault);
  return draft === undefined
    ? { ...refusal, message }
    : { ...refusal, message: [...message, offer], draft: { id: draft } };
}

const offer = line('Your text is kept: ', bold('Fix it'), ' opens the form with everything you typed.');

function carryOutText(dependencies: HandleCommandDependencies, text: string, actor: Actor): Reply {
  const { settings } = dependencies;
  let command: Command | undefined;
  try {
    command = parseCommand(text, settings);
    return carryOutCommand(dependencies, command, actor);
  } catch (error) {
    // What a person may not do, no form mends.
    const isMendable = error instanceof UserError && (command === undefined || error instanceof FieldFaults);
    if (!isMendable) throw error;
    const draft = inChange(dependencies, actor, (context) => keepDraft(context, text, error));
    if (draft === undefined) throw error;
    const { message, ...refusal } = refuse(error);
    return { ...refusal, message: [...message, offer], draft: { id: draft } };
  }
}

/** What only reads waits for nobody who writes, may be done twice, and is answered on a full disk too. */
function carryOutCommand(dependencies: HandleCommandDependencies, command: Command, actor: Actor): Reply {
  if (reading.has(command.name)) return inReading(dependencies, actor, (context) => dispatch(context, command));
  try {
    return carryOut(dependencies, actor, (context) => dispatch(context, command));
  } catch (error) {
    if (!isDiskFault(error) || command.name !== 'cancel') throw error;
    return pastStore(dependencies, error, actor, (context) => dispatch(context, command));
  }
}

function inReading(
  { store, settings, now }: HandleCommandDependencies,
  actor: Actor,
  act: (context: CommandContext) => Reply,
) {
  const edges = { settings, actor, now: now(), cancelAttempt: () => {} };
  return store.read((change) => act({ ...edges, change }));
}

/** Answers though nothing can be written: what only reads, and a cancel. What else writes throws. */
function pastStore(
  dependencies: HandleCommandDependencies,
  fault: Error,
  actor: Actor,
  act: (context: CommandContext) => Reply,
): Reply {
  dependencies.onFault(fault, `what ${actor.person} asked for`);
  const cancelled: Run[] = [];
  const cancelPastStore = (run: Run): void => void cancelled.push(run);
  const reply = inReading(dependencies, actor, (context) => act({ ...context, cancelPastStore }));
  for (const run of cancelled) dependencies.cancelPastStore.cancel(run, actor);
  return reply;
}

/** A mention is answered in the thread, for all to see: one that is delivered again, refused or not, gets no second answer. */
function carryOutMention(dependencies: HandleCommandDependencies, text: string, ref: string | undefined, actor: Actor) {
  try {
    return carryOut(dependencies, actor, (context) => answerMention(context, text, ref), { repeated: { message: [] } });
  } catch (error) {
    if (error instanceof UserError) {
      inChange(dependencies, actor, ({ change, now }) => change.inbox.receive(actor.eventId, now));
    }
    if (!isDiskFault(error)) throw error;
    // Rather answered twice than not at all.
    return pastStore(dependencies, error, actor, (context) => answerMention(context, text, ref));
  }
}

interface CarryOutOptions {
  /** The answer to what was carried out before. */
  repeated?: Reply;
}

function carryOut(
  dependencies: HandleCommandDependencies,
  actor: Actor,
  act: (context: CommandContext) => Reply,
  { repeated = { message: [line('That was carried out before.')] } }: CarryOutOptions = {},
): Reply {
  const { runner, afterChange, onFault } = dependencies;
  const cancelled: string[] = [];
  const reply = inChange(
    dependencies,
    actor,
    (context): Reply => {
      if (!context.change.inbox.receive(actor.eventId, context.now)) {
        return repeated;
      }
      return act(context);
    },
    (attemptId) => void cancelled.push(attemptId),
  );
  for (const attemptId of cancelled) runner.cancel(attemptId);
  try {
    afterChange();
  } catch (error) {
    // The change stands; the bell rings for what it queued.
    onFault(error, 'what follows a command');
  }
  return reply;
}

function inChange<T>(
  { store, settings, now }: HandleCommandDependencies,
  actor: Actor,
  act: (context: CommandContext) => T,
  cancelAttempt: CommandContext['cancelAttempt'] = () => {},
): T {
  return store.change((change) => act({ change, settings, actor, now: now(), cancelAttempt }));
}

function dispatch(context: CommandContext, command: Command): Answer {
  switch (command.name) {
    case 'schedule':
      return scheduleJob(context, command, createFaultList());
    case 'edit':
      return editJob(context, command, createFaultList());
    case 'list':
      return listJobs(context);
    case 'show':
      return showTarget(context, command.target);
    case 'pause':
      return pauseJob(context, command.target, command.until);
    case 'pause-all':
      return pauseAll(context, command.until);
    case 'resume':
      return resumeJob(context, command.target);
    case 'resume-all':
      return resumeAll(context);
    case 'resume-login':
      return resumeLogin(context);
    case 'run':
      return runJob(context, command.target);
    case 'cancel':
      return cancelTarget(context, command.target);
    case 'retry':
      return retryTarget(context, command.target, command.note);
    case 'delete':
      return deleteJob(context, command.target);
    case 'history':
      return showHistory(context, command.target);
    case 'log':
      return showLog(context, command.target);
    case 'projects':
      return listProjects(context);
    case 'help':
      return { message: renderHelp({ commandName: context.settings.commandName }, command.topic) };
  }
}
