import type { Actor, Reply } from '../bots/chat.ts';
import type { Store } from '../db/store.ts';
import type { Command } from '../model/command.ts';
import { renderHelp } from '../model/grammar/help.ts';
import { parseCommand } from '../model/grammar/parse-command.ts';
import { line } from '../model/message.ts';
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
import { resumeLogin } from './commands/resume-login.ts';
import { listJobs, listProjects, showHistory, showLog, showTarget } from './commands/read-jobs.ts';
import { scheduleJob } from './commands/schedule-job.ts';
import type { DeskSettings } from './desk-settings.ts';
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

export interface HandleCommand {
  onText(text: string, actor: Actor): Promise<Reply>;
  onCommand(command: Command, actor: Actor): Promise<Reply>;
}

/**
 * Carries out what people ask for. Everything that a command does is one change: a mistake or a fault leaves nothing behind,
 * and the same event delivered again acts once.
 */
export function createHandleCommand(dependencies: HandleCommandDependencies): HandleCommand {
  const { settings, onFault } = dependencies;
  async function answer(read: () => Command, actor: Actor): Promise<Reply> {
    try {
      return carryOut(dependencies, read(), actor);
    } catch (error) {
      if (error instanceof UserError) return { message: renderUserText(error.message), isRefusal: true };
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
    onText: (text, actor) => answer(() => parseCommand(text, { commandName: settings.commandName }), actor),
    onCommand: (command, actor) => answer(() => command, actor),
  };
}

const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'SQLITE_FULL' || error.code === 'ENOSPC');

/** Commands that only read can be carried out twice, and on a full disk. */
const reading: ReadonlySet<Command['name']> = new Set(['list', 'show', 'history', 'log', 'projects', 'help']);

function carryOut(dependencies: HandleCommandDependencies, command: Command, actor: Actor): Reply {
  const { store, runner, settings, afterChange, now, onFault } = dependencies;
  const cancelled: string[] = [];
  const reply = store.change((change): Reply => {
    const at = now();
    if (!reading.has(command.name) && !change.inbox.receive(actor.eventId, at))
      return { message: [line('That was carried out before.')] };
    const context: CommandContext = {
      change,
      settings,
      actor,
      now: at,
      cancelAttempt: (attemptId) => void cancelled.push(attemptId),
    };
    return dispatch(context, command);
  });
  for (const attemptId of cancelled) runner.cancel(attemptId);
  try {
    afterChange();
  } catch (error) {
    // The change stands; the bell rings for what it queued.
    onFault(error, 'what follows a command');
  }
  return reply;
}

function dispatch(context: CommandContext, command: Command): Answer {
  switch (command.name) {
    case 'schedule':
      return scheduleJob(context, command);
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
