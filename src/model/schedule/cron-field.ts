import { Refusal } from './refusal.ts';

/** What one field of a cron expression may hold. `names` stand for `min`, `min + 1`, … in this order. */
export interface CronFieldKind {
  name: 'minute' | 'hour' | 'day' | 'month' | 'weekday';
  min: number;
  max: number;
  names: string[];
}

/**
 * The values of one field, sorted: `*`, numbers, names, ranges, lists, and steps (`9-17/2`, `5/10`: from 5 on).
 * Throws a `Refusal` that names the field.
 */
export function parseCronField(text: string, kind: CronFieldKind): number[] {
  const values = new Set(text.split(',').flatMap((item) => parseItem(item, kind)));
  return [...values].sort((a, b) => a - b);
}

function parseItem(item: string, kind: CronFieldKind): number[] {
  const [range = '', step, ...rest] = item.split('/');
  if (rest.length > 0 || range === '') throw unreadable(item, kind);
  const [from, to] = parseRange(range, step !== undefined, kind);
  if (step === undefined) return valuesBetween(from, to, 1);
  if (!/^\d+$/.test(step) || Number(step) === 0) throw unreadable(item, kind);
  if (Number(step) > kind.max - kind.min) throw tooWide(item, Number(step), kind);
  return valuesBetween(from, to, Number(step));
}

function parseRange(range: string, hasStep: boolean, kind: CronFieldKind): [number, number] {
  if (range === '*') return [kind.min, kind.max];
  const [first = '', last, ...rest] = range.split('-');
  if (rest.length > 0) throw unreadable(range, kind);
  const from = parseCronValue(first, kind);
  if (last === undefined) return [from, hasStep ? kind.max : from];
  const end = parseCronValue(last, kind);
  const to = kind.name === 'weekday' && end === 0 && from > 0 ? 7 : end;
  if (to < from) {
    const [min, max] = /^\d/.test(range) ? [kind.min, kind.max] : [kind.names[0], kind.names.at(-1)];
    throw new Refusal(
      `in the ${kind.name} field \`${range}\` runs backwards; around the end it is \`${first}-${max},${min}-${last}\``,
    );
  }
  return [from, to];
}

/** One number or name of a field. */
export function parseCronValue(text: string, kind: CronFieldKind): number {
  const named = kind.names.indexOf(text.slice(0, 3));
  if (named >= 0 && /^[a-z]{3}$/.test(text)) return kind.min + named;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < kind.min || value > kind.max) throw unreadable(text, kind);
  return value;
}

function valuesBetween(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

function unreadable(text: string, kind: CronFieldKind): Refusal {
  const names = kind.names.length === 0 ? '' : ` or \`${kind.names[0]}\`–\`${kind.names.at(-1)}\``;
  return new Refusal(`the ${kind.name} field of a cron expression is ${kind.min}–${kind.max}${names}, not \`${text}\``);
}

function tooWide(item: string, step: number, kind: CronFieldKind): Refusal {
  const interval = kind.name === 'minute' || kind.name === 'hour' ? [`every ${step} ${kind.name}s`] : [];
  return new Refusal(`the step of \`${item}\` is wider than the ${kind.name} field`, interval);
}
