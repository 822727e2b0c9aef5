import type { CronExpression } from './cron-expression.ts';
import { dayMs, minuteMs } from './zone-offsets.ts';

// The rarest days, 29 February on a given weekday, are at most 40 years apart (over 2100, which is no leap year).
const horizonDays = 41 * 366;
const minutesPerDay = 1_440;

/**
 * The first minute, at or after `fromLocalMs`, that an expression matches on a wall clock without transitions (milliseconds
 * that read as UTC). `undefined`: it never comes.
 */
export function nextLocalMatch(cron: CronExpression, fromLocalMs: number): number | undefined {
  const fromMinute = Math.ceil(fromLocalMs / minuteMs);
  const day = Math.floor(fromMinute / minutesPerDay);
  const minuteToday = nextMinuteOfDay(cron, fromMinute - day * minutesPerDay);
  if (minuteToday !== undefined && matchesDay(cron, new Date(day * dayMs))) {
    return day * dayMs + minuteToday * minuteMs;
  }
  const nextDay = nextMatchingDay(cron, day + 1);
  if (nextDay === undefined) return undefined;
  return nextDay * dayMs + (nextMinuteOfDay(cron, 0) ?? 0) * minuteMs;
}

/** The first matching minute of a day at or after `from`, in minutes since midnight. */
function nextMinuteOfDay(cron: CronExpression, from: number): number | undefined {
  const fromHour = Math.floor(from / 60);
  for (const hour of cron.hours) {
    if (hour < fromHour) continue;
    const minute = cron.minutes.find((minute) => hour * 60 + minute >= from);
    if (minute !== undefined) return hour * 60 + minute;
  }
  return undefined;
}

/** Days are counted from 1970-01-01. */
function nextMatchingDay(cron: CronExpression, fromDay: number): number | undefined {
  let day = fromDay;
  while (day < fromDay + horizonDays) {
    const date = new Date(day * dayMs);
    if (!cron.months.includes(date.getUTCMonth() + 1)) {
      day = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / dayMs;
    } else if (matchesDay(cron, date)) {
      return day;
    } else {
      day += 1;
    }
  }
  return undefined;
}

function matchesDay(cron: CronExpression, date: Date): boolean {
  if (!cron.months.includes(date.getUTCMonth() + 1)) return false;
  const isMonthDay = matchesMonthDay(cron, date);
  const isWeekday = matchesWeekday(cron, date);
  return cron.isEitherDay ? isMonthDay || isWeekday : isMonthDay && isWeekday;
}

function matchesMonthDay(cron: CronExpression, date: Date): boolean {
  return cron.monthDays.includes(date.getUTCDate()) || (cron.hasLastDay && daysLeftInMonth(date) === 0);
}

function matchesWeekday(cron: CronExpression, date: Date): boolean {
  const weekday = date.getUTCDay();
  if (cron.weekdays.includes(weekday)) return true;
  return cron.nthWeekdays.some(
    (wanted) =>
      wanted.weekday === weekday &&
      (wanted.nth === 'last' ? daysLeftInMonth(date) < 7 : Math.ceil(date.getUTCDate() / 7) === wanted.nth),
  );
}

function daysLeftInMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate() - date.getUTCDate();
}
