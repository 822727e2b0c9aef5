import { formatDuration, parseDurationMs } from '../duration.ts';
import { notifyRules, type NotifyRule } from '../job.ts';
import { nearest } from '../nearest.ts';
import { catchUpRules, catchUpWindow, overlapRules, type CatchUpRule, type OverlapRule } from '../overlap.ts';
import { isPersonReference } from '../person-reference.ts';
import { parseZone } from '../schedule/parse-zone.ts';
import { UserError } from '../user-error.ts';
import { flagRules, type FlagName } from './flag-rules.ts';
import { isBlank, withoutInvisible } from './invisible.ts';
import { mistake, shown, shownFlag } from './mistake.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** `why` says what is wrong with a value that can be read. */
function refused(name: FlagName, value: string, why?: string) {
  const { allowed, example } = flagRules[name];
  const flag = shownFlag(name, value);
  return mistake(why === undefined ? `I can't read ${flag}.` : `I can't take ${flag}: ${why}`, allowed, example);
}

/** What `edit` is told to take a setting away. */
export const isNone = (value: string): boolean => /^(?:none|on[- ]demand)$/i.test(value.trim());

/** A goal as typed, trimmed. `example` is shown with a refusal. */
export function readGoal(value: string, example: string = flagRules.goal.example): string {
  const goal = value.trim();
  if (isBlank(goal)) throw mistake('The goal is missing.', flagRules.goal.allowed, example);
  if (!/[\p{L}\p{N}]/u.test(goal)) {
    throw mistake(`The goal ${shown(goal)} has no word in it.`, flagRules.goal.allowed, example);
  }
  return goal;
}

/** Only the form of the name: which projects there are, and for whom, the configuration knows. */
export function readProject(value: string): string {
  const name = withoutInvisible(value);
  if (/[/\\~]/.test(name)) throw refused('project', name, 'a job names a project, never a path.');
  if (!/^[a-z0-9][a-z0-9._-]{0,39}$/i.test(name)) {
    throw refused('project', name, 'names have up to 40 letters, digits, `.`, `_` and `-`.');
  }
  return name;
}

/** The words of a schedule, which are read where the zone is known. */
export function readWhen(value: string): string {
  const words = withoutInvisible(value);
  if (/[\r\n]/.test(words)) throw refused('when', words, 'it has a line break.');
  if (words.length > 200) throw refused('when', words, `it has ${words.length.toLocaleString('en')} characters.`);
  return words;
}

/** An IANA time zone in its own spelling. */
export function readZone(value: string): string {
  try {
    return parseZone(withoutInvisible(value));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw mistake(error.message, 'A time zone has an IANA name.', flagRules.zone.example);
  }
}

/** One acceptance criterion, as text. Zero-width joiners stay: emoji and some scripts need them. */
export function readAccept(value: string): string {
  const text = value.replaceAll(/[\u200B\u2060\uFEFF\u00AD\u202A-\u202E\u2066-\u2069]/g, '').trim();
  if (text.length > 2000) throw refused('accept', text, `it has ${text.length.toLocaleString('en')} characters.`);
  if (text === '$') throw refused('accept', text, 'there is no command behind the `$`.');
  if (/^\$(?! )/.test(text)) throw refused('accept', text, 'a command needs a space between `$` and itself.');
  if (!/[\p{L}\p{N}]/u.test(text)) throw refused('accept', text, 'there is nothing in it to check.');
  return text;
}

export const readTimeoutMs = (value: string): number => readDurationMs('timeout', value, [minuteMs, 7 * dayMs]);

const windowMs = [catchUpWindow.least, catchUpWindow.most].map((text) => parseDurationMs(text) ?? 0) as [
  number,
  number,
];

export const readCatchUpWithinMs = (value: string): number => readDurationMs('catch-up-within', value, windowMs);

function readDurationMs(name: FlagName, value: string, [leastMs, mostMs]: readonly [number, number]): number {
  const text = withoutInvisible(value);
  const ms = parseDurationMs(text);
  if (ms === undefined) throw refused(name, text, /^\d+(?:\.\d+)?$/.test(text) ? 'the unit is missing.' : undefined);
  if (ms < leastMs) throw refused(name, text, `${formatDuration(ms)} is too short.`);
  if (ms > mostMs) throw refused(name, text, `${formatDuration(ms)} is too long.`);
  return ms;
}

export function readRetries(value: string): number {
  const text = withoutInvisible(value);
  if (!/^\d+$/.test(text)) throw refused('retries', text);
  if (Number(text) > 20) throw refused('retries', text, 'that is too many.');
  return Number(text);
}

export function readBudgetUsd(value: string): number {
  const text = withoutInvisible(value);
  const match = /^(?:\$|usd)?\s*(\d{1,9}(?:\.\d{1,2})?)\s*(?:\$|usd|dollars?)?$/i.exec(text);
  const usd = Number(match?.[1]);
  if (!match && /[€£¥]|eur|gbp/i.test(text)) throw refused('budget', text, 'costs are counted in US dollars.');
  if (!match && /\d,\d/.test(text))
    throw refused('budget', text, 'cents stand behind a point, and thousands have no comma.');
  if (!match) throw refused('budget', text);
  if (usd < 0.01 || usd > 10_000) throw refused('budget', text, `that is too ${usd < 1 ? 'little' : 'much'}.`);
  return usd;
}

/** A person's reference, with or without an `@` in front. Whether there is such a person, only their platform knows. */
export function readOwner(value: string): string {
  const reference = withoutInvisible(value).replace(/^@/, '');
  if (!isPersonReference(reference)) throw refused('owner', value);
  return reference;
}

/** It becomes an argument of a command line, so nothing that could be an option there. */
export function readModel(value: string): string {
  const model = withoutInvisible(value);
  if (!/^[a-z0-9][a-z0-9._:/@[\]-]{0,199}$/i.test(model)) throw refused('model', model);
  return model;
}

export const readNotify = (value: string): NotifyRule => readRule('notify', notifyRules, value);

export const readOverlap = (value: string): OverlapRule => readRule('overlap', overlapRules, value);

export const readCatchUp = (value: string): CatchUpRule => readRule('catch-up', catchUpRules, value);

/** One of a few words. */
function readRule<Rule extends string>(name: FlagName, rules: readonly Rule[], value: string): Rule {
  const word = withoutInvisible(value).toLowerCase();
  const rule = rules.find((rule) => rule === word);
  if (rule !== undefined) return rule;
  const near = nearest(word.replace(/^on[- ]/, ''), rules);
  const { allowed, example } = flagRules[name];
  const hint = near === undefined ? '' : ` Did you mean \`${near}\`?`;
  throw mistake(`I can't read ${shownFlag(name, value)}.${hint}`, allowed, near ? `--${name} ${near}` : example);
}
