import type { Run } from '../../db/runs.ts';
import type { Job } from '../../model/job.ts';
import { bold, code, line, person, type Block, type Message } from '../../model/message.ts';
import { jobLink, runLink } from './page-links.ts';

interface Unreachable {
  /** What is wrong, and what to do. */
  why: string;
  channel: string;
}

/** To the owner, when a run has ended and its channel can't be told. */
export function renderRunUnreachable(
  run: Run,
  { headline, why, channel }: Unreachable & { headline: Block | undefined },
): Message {
  return [
    line(
      '⚠️ The result of ',
      bold(run.spec.jobName),
      ' ',
      runLink(run.id),
      ' could not be shown in ',
      code(channel),
      '.',
    ),
    line(sentence(why)),
    ...(headline?.kind === 'line' ? [headline] : []),
    line('It is kept, and goes there as soon as that works again. All of it is on the page: ', runLink(run.id), '.'),
  ];
}

/** To the owner, when what is to be said of a job can't be said. */
export function renderJobUnreachable(job: Job, { why, channel }: Unreachable): Message {
  return [
    line('⚠️ What there is to say of ', bold(job.name), ' could not be shown in ', code(channel), '.'),
    line(sentence(why)),
    line(
      'The job goes on, and what is said is kept until it can be shown. It is on the page: ',
      jobLink(job.name),
      '.',
    ),
  ];
}

/** To the channel, once for a job. */
export function renderOwnerGone(job: Job, commandName: string): Message {
  return [
    line('⚠️ ', person(job.owner), ' has left. ', bold(job.name), ' goes on without somebody to be told.'),
    line(
      'A maintainer of ',
      code(job.project),
      ' can take it over: ',
      code(`${commandName} edit ${job.name} --owner <person>`),
      '.',
    ),
  ];
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
