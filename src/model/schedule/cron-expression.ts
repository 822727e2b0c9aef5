import { type CronFieldKind, parseCronField, parseCronValue } from './cron-field.ts';
import { Refusal } from './refusal.ts';

/** A cron expression, read. Weekdays are 0 (Sunday) to 6, months 1 to 12; all lists are sorted. */
export interface CronExpression {
  minutes: number[];
  hours: number[];
  monthDays: number[];
  /** `L` in the day field. */
  hasLastDay: boolean;
  months: number[];
  weekdays: number[];
  /** `1#2`, `5L` in the weekday field. */
  nthWeekdays: { weekday: number; nth: number | 'last' }[];
  /**
   * Day and weekday are both restricted, so a day matches when either does. As in Vixie cron, a field that begins with `*`
   * (a step too) is not restricted; then both must match.
   */
  isEitherDay: boolean;
  /** `*` or a step in hour or minute: due at every matching instant, not once each local day. */
  isWildcard: boolean;
}

const kinds: Record<CronFieldKind['name'], CronFieldKind> = {
  minute: { name: 'minute', min: 0, max: 59, names: [] },
  hour: { name: 'hour', min: 0, max: 23, names: [] },
  day: { name: 'day', min: 1, max: 31, names: [] },
  month: {
    name: 'month',
    min: 1,
    max: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  weekday: { name: 'weekday', min: 0, max: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
};

const macros = new Map<string, string>(
  Object.entries({
    '@yearly': '0 0 1 1 *',
    '@annually': '0 0 1 1 *',
    '@monthly': '0 0 1 * *',
    '@weekly': '0 0 * * 0',
    '@daily': '0 0 * * *',
    '@midnight': '0 0 * * *',
    '@hourly': '0 * * * *',
  }),
);

const parsed = new Map<string, CronExpression>();
const maxParsed = 1_000;

/** Reads a cron expression as a `Schedule` keeps it. Throws a `Refusal`; reads each expression once. */
export function parseCronExpression(expression: string): CronExpression {
  const known = parsed.get(expression);
  if (known !== undefined) return known;
  const fresh = parseFields(expression);
  if (parsed.size >= maxParsed) parsed.clear();
  parsed.set(expression, fresh);
  return fresh;
}

/** A cron expression as people type it, in the form that a `Schedule` keeps: five fields, macros spelled out. */
export function normalizeCron(text: string): string {
  const lower = text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  if (lower === '@reboot') throw new Refusal('a restart is no time; nightdesk runs jobs by the clock');
  const expression = (macros.get(lower) ?? lower).replaceAll(
    /(?<=^|[\s,])((?:sun|mon|tue|wed|thu|fri|sat|\d)?)l(?=$|[\s,])/g,
    '$1L',
  );
  parseCronExpression(expression);
  return expression;
}

function parseFields(expression: string): CronExpression {
  const fields = expression.split(' ');
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  if (fields.length !== 5) throw wrongCount(fields);
  return {
    minutes: parseCronField(minute, kinds.minute),
    hours: parseCronField(hour, kinds.hour),
    ...parseDays(day),
    months: parseCronField(month, kinds.month),
    ...parseWeekdays(weekday),
    isEitherDay: !day.startsWith('*') && !weekday.startsWith('*'),
    isWildcard: /[*/]/.test(minute + hour),
  };
}

function parseDays(text: string): Pick<CronExpression, 'monthDays' | 'hasLastDay'> {
  const items = text.split(',');
  const plain = items.filter((item) => item !== 'L');
  return {
    monthDays: plain.length === 0 ? [] : parseCronField(plain.join(','), kinds.day),
    hasLastDay: plain.length < items.length,
  };
}

function parseWeekdays(text: string): Pick<CronExpression, 'weekdays' | 'nthWeekdays'> {
  const nthWeekdays: CronExpression['nthWeekdays'] = [];
  const plain = text.split(',').filter((item) => {
    const [, weekday, nth] = /^(\w+?)(#[1-5]|L)$/.exec(item) ?? [];
    if (weekday === undefined || nth === undefined) return true;
    const value = parseCronValue(weekday, kinds.weekday) % 7;
    nthWeekdays.push({ weekday: value, nth: nth === 'L' ? 'last' : Number(nth.slice(1)) });
    return false;
  });
  const values = plain.length === 0 ? [] : parseCronField(plain.join(','), kinds.weekday);
  return { weekdays: [...new Set(values.map((value) => value % 7))].sort((a, b) => a - b), nthWeekdays };
}

function wrongCount(fields: string[]): Refusal {
  const isWithSeconds = fields.length === 6 && /^\d+$/.test(fields[0] ?? '');
  return new Refusal(
    `a cron expression has five fields here (minute, hour, day, month, weekday), and this one has ${fields.length}`,
    isWithSeconds ? [fields.slice(1).join(' ')] : [],
  );
}
