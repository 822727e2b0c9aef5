import type { CronExpression } from './cron-expression.ts';
import { joinWords, listInWords } from './list-in-words.ts';

const weekdayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const nthNames = ['first', 'second', 'third', 'fourth', 'fifth'];
const shortestMonthDays = 28;
const maxTimes = 6;

/** An expression in words without its zone, `weekdays at 02:00`; `undefined` where short words would not be exact. */
export function describeCron(cron: CronExpression): string | undefined {
  const days = describeDays(cron);
  const times = describeTimes(cron);
  if (days === undefined || times === undefined) return undefined;
  return days === 'every day' && times.startsWith('every') ? times : `${days} ${times}`;
}

function describeDays(cron: CronExpression): string | undefined {
  const isEveryMonth = cron.months.length === 12;
  const months = isEveryMonth ? 'the month' : listInWords(cron.months, (month) => monthNames[month - 1] ?? '');
  if (months === undefined) return undefined;
  const hasAllWeekdays = cron.weekdays.length === 7;
  const hasAllMonthDays = cron.monthDays.length === 31;
  const during = isEveryMonth ? '' : ` in ${months}`;
  if (cron.isEitherDay) {
    const monthDays = describeMonthDays(cron, months);
    const weekdays = describeWeekdays(cron, months);
    return isEveryMonth && !hasAllMonthDays && !hasAllWeekdays && monthDays !== undefined && weekdays !== undefined
      ? `${monthDays} and ${weekdays}`
      : undefined;
  }
  if (hasAllMonthDays && hasAllWeekdays) return `every day${during}`;
  if (hasAllWeekdays) return describeMonthDays(cron, months);
  if (!hasAllMonthDays) return undefined;
  const weekdays = describeWeekdays(cron, months);
  return cron.nthWeekdays.length > 0 || weekdays === undefined ? weekdays : `${weekdays}${during}`;
}

function describeMonthDays(cron: CronExpression, months: string): string | undefined {
  const days = cron.monthDays.length === 0 ? [] : [listInWords(cron.monthDays, ordinal)];
  if (days.includes(undefined)) return undefined;
  const named = cron.hasLastDay ? [...days, 'last day'] : days;
  const isSometimesMissing = cron.monthDays.some((day) => day > shortestMonthDays && !isInAll(day, cron.months));
  return `${named.join(' and ')} of ${months}${isSometimesMissing ? ', where there is one,' : ''}`;
}

/** Weekdays with "of the month" where they are counted in it; else without. */
function describeWeekdays(cron: CronExpression, months: string): string | undefined {
  if (cron.nthWeekdays.length === 0) return describePlainWeekdays(cron.weekdays);
  if (cron.weekdays.length > 0) return undefined;
  const counted = cron.nthWeekdays.map(
    ({ weekday, nth }) => `${nth === 'last' ? 'last' : nthNames[nth - 1]} ${weekdayNames[weekday]}`,
  );
  const isSometimesMissing = cron.nthWeekdays.some(({ nth }) => nth === 5);
  return `${counted.join(' and ')} of ${months}${isSometimesMissing ? ', where there is one,' : ''}`;
}

function describePlainWeekdays(weekdays: number[]): string | undefined {
  const fromMonday = weekdays.map((weekday) => (weekday === 0 ? 7 : weekday)).sort((a, b) => a - b);
  const key = fromMonday.join('');
  if (key === '12345') return 'weekdays';
  if (key === '67') return 'weekends';
  return listInWords(fromMonday, (weekday) => `${weekdayNames[weekday % 7]}s`);
}

function describeTimes({ hours, minutes }: CronExpression): string | undefined {
  const [firstHour = 0] = hours;
  const lastHour = hours.at(-1) ?? 0;
  const everyMinutes = describeMinuteStep(minutes);
  if (hours.length === 24) {
    if (everyMinutes !== undefined) return everyMinutes;
    if (minutes.length === 1 && minutes[0] === 0) return 'every hour on the hour';
    return minutes.length <= 4 ? `every hour at ${joinWords(minutes.map((minute) => `:${pad(minute)}`))}` : undefined;
  }
  if (hours.length * minutes.length <= maxTimes) {
    return `at ${joinWords(hours.flatMap((hour) => minutes.map((minute) => clock(hour, minute))))}`;
  }
  const hourStep = stepOf(hours);
  const lastMinute = minutes.at(-1) ?? 0;
  if (everyMinutes !== undefined && (hourStep === 1 || hours.length === 1)) {
    return `${everyMinutes} from ${clock(firstHour, 0)} to ${clock(lastHour, lastMinute)}`;
  }
  if (hourStep === undefined || minutes.length > 1) return undefined;
  const everyHours = hourStep === 1 ? 'every hour' : `every ${hourStep} hours`;
  return `${everyHours} from ${clock(firstHour, lastMinute)} to ${clock(lastHour, lastMinute)}`;
}

/** Only steps that divide 30: others are uneven at the hour, or where a zone is set back by half an hour. */
function describeMinuteStep(minutes: number[]): string | undefined {
  const step = stepOf(minutes);
  if (step === undefined || minutes[0] !== 0 || 30 % step !== 0 || minutes.length * step !== 60) return undefined;
  return step === 1 ? 'every minute' : `every ${step} minutes`;
}

/** The distance of evenly spaced values; `undefined` when they are not, or are fewer than two. */
function stepOf([first, second, ...rest]: number[]): number | undefined {
  if (first === undefined || second === undefined) return undefined;
  const step = second - first;
  return rest.every((value, index) => value === second + (index + 1) * step) ? step : undefined;
}

function isInAll(day: number, months: number[]): boolean {
  return months.every((month) => day <= (month === 2 ? 28 : [4, 6, 9, 11].includes(month) ? 30 : 31));
}

function ordinal(day: number): string {
  const ending = { 1: 'st', 2: 'nd', 3: 'rd' }[day % 10];
  return `${day}${ending === undefined || (day > 10 && day < 14) ? 'th' : ending}`;
}

const pad = (value: number) => String(value).padStart(2, '0');
const clock = (hour: number, minute: number) => `${pad(hour)}:${pad(minute)}`;
