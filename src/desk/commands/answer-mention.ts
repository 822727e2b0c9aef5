import { line } from '../../model/message.ts';
import { parseCommand } from '../../model/grammar/parse-command.ts';
import { runLabel } from '../../model/run.ts';
import { renderMentionHelp, renderMentionOutside } from '../texts/mention-help.ts';
import { renderAttemptLine } from '../texts/thread.ts';
import { cancelTarget, retryTarget } from './change-jobs.ts';
import type { Answer, CommandContext } from './command-context.ts';
import { findTarget } from './find-target.ts';
import { showLog, showTarget } from './read-jobs.ts';

/**
 * What a mention of the bot in the thread of the message `ref` is answered: in a run's thread a few words act as commands do,
 * and any other text gets the run's card, as it gets the job's in a job's thread. The answer has no buttons: nothing keeps it up
 * to date.
 */
export function answerMention(context: CommandContext, text: string, ref: string | undefined): Answer {
  const { change, settings, actor } = context;
  const key = ref === undefined ? undefined : change.outbox.viewByMessageRef(actor.channel, ref)?.key;
  const [, kind, id] = /^(run|job):(\d+)$/.exec(key ?? '') ?? [];
  if (kind === 'run') return withoutButtons(answerOfRun(context, Number(id), text));
  const job = kind === 'job' ? change.jobs.get(Number(id)) : undefined;
  if (job === undefined || change.jobs.isDeleted(job.id)) {
    return { message: renderMentionOutside(settings.commandName) };
  }
  return withoutButtons(showTarget(context, job.name));
}

function answerOfRun(context: CommandContext, id: number, text: string): Answer {
  const label = runLabel(id);
  const words = text.trim();
  const word = words.toLowerCase().replace(/[.!?]+$/, '');
  if (word === 'retry') return retryTarget(context, label, undefined);
  if (/^retry\s/i.test(words)) {
    const command = parseCommand(`retry ${label} ${words.slice('retry'.length)}`, context.settings);
    return retryTarget(context, label, command.name === 'retry' ? command.note : undefined);
  }
  switch (word) {
    case 'log':
      return showLog(context, label);
    case 'attempts':
      return showAttempts(context, label);
    case 'cancel':
      return cancelTarget(context, label);
    case 'help':
      return { message: renderMentionHelp(context.settings.commandName) };
    default:
      return showTarget(context, label);
  }
}

function showAttempts(context: CommandContext, label: string): Answer {
  const target = findTarget(context, label, { isExact: true });
  const attempts = target.kind === 'run' ? context.change.attempts.ofRun(target.run.id) : [];
  if (attempts.length === 0) return { message: [line(`No attempt of ${label} has begun.`)] };
  return { message: attempts.map((attempt) => renderAttemptLine(attempt, attempts)) };
}

const withoutButtons = (answer: Answer): Answer => ({
  ...answer,
  message: answer.message.filter((block) => block.kind !== 'actions'),
});
