import type { Actor, ChatHandlers, Reply } from '../bots/chat.ts';
import type { Store } from '../db/store.ts';
import type { Command } from '../model/command.ts';
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
import type { Answer, CommandContext } from './commands/command-context.ts';
import { editJob } from './commands/edit-job.ts';
import { resumeLogin } from './commands/resume-login.ts';
import { listJobs, listProjects, showHistory, showLog, showTarget } from './commands/read-jobs.ts';
import { scheduleJob } from './commands/schedule-job.ts';
import { submitForm } from './commands/submit-form.ts';
import type { DeskSettings } from './desk-settings.ts';
import { faultsOf, keepDraft } from './keep-draft.ts';
import { renderUserText } from './texts/user-text.ts';

export interface HandleCommandDependencies {
  store: Store;
  runner: Pick<Runner, 'cancel'>;
  settings: DeskSettings;
  /** Called after each change: starts what waits and delivers what is to be told. */
  afterChange: () => void;
  now: () => Date;
  /** Logs a fault and returns the reference that the person is shown. */
  onFault: (error: unknown, where: string) => string;
}

export type HandleCommand = Pick<ChatHandlers, 'onText' | 'onForm' | 'onCommand'>;

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
      if (error instanceof UserError) return refuse(error);
      const reference = onFault(error, `a command of ${actor.person}`);
      if (isDiskFull(error)) {
        return {
          message: [
            line('The disk of the host is full: nothing was changed, and nothing new is taken until there is room.'),
          ],
          isRefusal: true,
        };
      }
      return {
        message: [line(`That failed inside nightdesk; nothing was changed. The log has it under ${reference}.`)],
        isRefusal: true,
      };
    }
  }
  return {
    onText: (text, actor) => answer(() => carryOutText(dependencies, text, actor), actor),
    onCommand: (command, actor) =>
      answer(() => carryOut(dependencies, actor, (context) => dispatch(context, command)), actor),
    onForm: (form, actor) =>
      answer(() => {
        try {
          return carryOut(dependencies, actor, (context) => submitForm(context, form));
        } catch (error) {
          if (error instanceof UserError) return refuseForm(error);
          throw error;
        }
      }, actor),
  };
}

const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'SQLITE_FULL' || error.code === 'ENOSPC');

/** Commands that only read can be carried out twice, and on a full disk. */
const reading: ReadonlySet<Command['name']> = new Set(['list', 'show', 'history', 'log', 'projects', 'help']);

const refuse = (error: UserError): Reply => ({ message: renderUserText(error.message), isRefusal: true });

function refuseForm(error: UserError): Reply {
  const faults = faultsOf(error).map(({ field, message }) => ({ field, message: withoutFlags(message) }));
  return { ...refuse(error), message: faults.flatMap(({ message }) => renderUserText(message)), faults };
}

function carryOutText(dependencies: HandleCommandDependencies, text: string, actor: Actor): Reply {
  const { settings } = dependencies;
  let command: Command | undefined;
  try {
    command = parseCommand(text, settings);
    const read = command;
    return carryOut(dependencies, actor, (context) => dispatch(context, read), reading.has(read.name));
  } catch (error) {
    // What a person may not do, no form mends.
    const isMendable = error instanceof UserError && (command === undefined || error instanceof FieldFaults);
    if (!isMendable) throw error;
    const draft = inChange(dependencies, actor, (context) => keepDraft(context, text, error));
    if (draft === undefined) throw error;
    const offer = line('Your text is kept: ', bold('Fix it'), ' opens the form with everything you typed.');
    const { message, ...refusal } = refuse(error);
    return { ...refusal, message: [...message, offer], draft: { id: draft } };
  }
}

function carryOut(
  dependencies: HandleCommandDependencies,
  actor: Actor,
  act: (context: CommandContext) => Reply,
  isReading = false,
): Reply {
  const { runner, afterChange, onFault } = dependencies;
  const cancelled: string[] = [];
  const reply = inChange(
    dependencies,
    actor,
    (context): Reply => {
      if (!isReading && !context.change.inbox.receive(actor.eventId, context.now)) {
        return { message: [line('That was carried out before.')] };
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
