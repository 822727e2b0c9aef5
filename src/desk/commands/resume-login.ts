import { line, person } from '../../model/message.ts';
import { isAtLeast, roleIn } from '../../model/access.ts';
import { UserError } from '../../model/user-error.ts';
import { endHold } from '../hold-login.ts';
import { NotAllowed } from '../not-allowed.ts';
import { whoYouAre } from '../who-you-are.ts';
import { plural } from '../texts/run-facts.ts';
import { writeAudit, type Answer, type CommandContext } from './command-context.ts';

/** A person says that what held the login is mended: what waits is tried at once. Whoever may run a job may say so. */
export function resumeLogin(context: CommandContext): Answer {
  const { change, settings, actor, now } = context;
  const isMember = [...settings.projects.keys()].some((name) =>
    isAtLeast(roleIn(settings.access, name, actor), 'member'),
  );
  if (!isMember) {
    throw new NotAllowed(
      `You need to be a member of a project to resume the login. ${whoYouAre(actor)}; a line under \`access\` in nightdesk.yaml would allow it.`,
      'resume the login',
    );
  }
  const holds = change.holds.active();
  if (holds.length === 0) throw new UserError('Nothing waits for the login. `list` shows what is due.');
  for (const hold of holds) endHold(change, hold, { why: [person(actor.person), ' resumes the login'], now });
  writeAudit(context, 'resume-login', holds.map((hold) => hold.cause).join(', '));
  const waiting = change.runs.withStatus('queued').length;
  return { message: [line(`▶️ The login is tried again: ${plural(waiting, 'run goes', 'runs go')} on.`)] };
}
