import type { Hold } from '../../db/holds.ts';
import type { Run } from '../../db/runs.ts';
import { formatDuration } from '../../model/duration.ts';
import { bold, code, dateTime, line, type Block, type Inline, type Message } from '../../model/message.ts';
import { runLabel } from '../../model/run.ts';
import type { DeskSettings } from '../desk-settings.ts';
import { plural } from './run-facts.ts';

/** Behind `waits until 05:00: ` or `waits: `. */
export function holdReason(hold: Pick<Hold, 'cause' | 'isUntilKnown'>): Inline[] {
  switch (hold.cause) {
    case 'usage-limit':
      return [
        hold.isUntilKnown
          ? 'the Claude usage limit resets then'
          : 'the Claude usage limit is reached, and it is tried again then',
      ];
    case 'not-logged-in':
      return ['Claude Code is not logged in on this host'];
    case 'no-credit':
      return ['the Claude account has no credit left'];
  }
}

interface HoldFacts {
  run: Run;
  /** Claude Code's own words. */
  said: string | undefined;
  settings: Pick<DeskSettings, 'hostName' | 'commandName'>;
}

/** The alert when a hold begins: what happened, what it means, what to do. */
export function renderHoldBegin(hold: Hold, { run, said, settings }: HoldFacts): Message {
  const resume = code(`${settings.commandName} resume login`);
  const found: Inline[] = ['Found by ', bold(run.spec.jobName), ` ${runLabel(run.id)}`];
  const words: Inline[] = said === undefined ? ['.'] : ['; Claude Code says: ', code(said)];
  const means = line(...found, ...words);
  switch (hold.cause) {
    case 'usage-limit':
      return [
        hold.until !== null && hold.isUntilKnown
          ? line(
              '🕔 The Claude usage limit is reached on ',
              bold(settings.hostName),
              '. It resets ',
              dateTime(hold.until),
              '.',
            )
          : line('🕔 The Claude usage limit is reached on ', bold(settings.hostName), ', and nobody knows until when.'),
        means,
        hold.isUntilKnown
          ? line(
              'All runs wait until then, and go on by themselves. No attempt is used. If the limit was raised, ',
              resume,
              ' starts them now.',
            )
          : line('All runs wait. One more is tried every 30 min, and no attempt is used. ', resume, ' tries it now.'),
      ];
    case 'not-logged-in':
      return [
        line('🔑 Claude Code is not logged in on ', bold(settings.hostName), '.'),
        means,
        line('All runs wait, and no attempt is used.'),
        line(
          'Log in there as the user that runs nightdesk (',
          code('claude auth login'),
          '), then ',
          resume,
          '. For a token in the environment: ',
          code('claude setup-token'),
          ' makes a new one, and nightdesk takes it when it is started again.',
        ),
      ];
    case 'no-credit':
      return [
        line('💳 The Claude account of ', bold(settings.hostName), ' has no credit left.'),
        means,
        line('All runs wait, and no attempt is used. Add credit or raise the limit of the account, then ', resume, '.'),
      ];
  }
}

/** When a hold has ended. */
export function renderHoldEnd(
  hold: Hold,
  { why, waiting, now }: { why: Inline[]; waiting: number; now: Date },
): Message {
  const held = formatDuration(now.getTime() - hold.since.getTime());
  const goOn = waiting === 0 ? 'No run waits.' : `${plural(waiting, 'run goes', 'runs go')} on.`;
  return [line('▶️ ', ...capitalized(why), `. ${goOn} Nothing could start for ${held}.`)];
}

const capitalized = ([first, ...rest]: Inline[]): Inline[] =>
  typeof first === 'string'
    ? [first.charAt(0).toUpperCase() + first.slice(1), ...rest]
    : first === undefined
      ? []
      : [first, ...rest];

const remedyOf = (cause: Hold['cause']): Inline[] =>
  cause === 'not-logged-in' ? [' Log in there (', code('claude auth login'), '), then '] : [' When that is mended: '];

/** What holds the login now, for lists and the digest. */
export function renderHoldLine(hold: Hold, commandName: string): Block {
  const until: Inline[] = hold.until === null ? [] : [' until ', dateTime(hold.until)];
  const todo: Inline[] = hold.until === null ? [...remedyOf(hold.cause), code(`${commandName} resume login`), '.'] : [];
  const mark = hold.until === null ? '🔑' : '🕔';
  return line(
    `${mark} All runs wait`,
    ...until,
    ': ',
    ...holdReason(hold),
    ', since ',
    dateTime(hold.since),
    '.',
    ...todo,
  );
}
