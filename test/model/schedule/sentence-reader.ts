/** Whether a minute of a calendar (UTC) is one that a sentence names. */
type Says = (at: Date) => boolean;

const minuteMs = 60_000;
const dayMs = 86_400_000;
const minutesOfDay = Array.from({ length: dayMs / minuteMs }, (_, minute) => minute * minuteMs);

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = 'January February March April May June July August September October November December'.split(' ');
const nths = ['first', 'second', 'third', 'fourth', 'fifth'];

/**
 * Reads a description of a cron schedule in UTC as a person would, knowing nothing of cron. Returns what it names in so many days from
 * a midnight on: every minute is asked for, those of a day once, since a sentence names the same in each.
 */
export function readSentence(sentence: string): (midnightMs: number, days: number) => number[] {
  const words = sentence.replace(/,? UTC$/, '');
  const [, days = '', times = ''] =
    /^(.*?) ?(at (?=\d)[^a-z]*(?:and [\d:]+)?|every (?:minute|hour|\d+ (?:minutes|hours)).*)$/.exec(words) ?? [];
  const [saysTime, saysDay] = [readTimes(times), readDays(days)];
  const named = minutesOfDay.filter((ms) => saysTime(new Date(ms)));
  return (midnightMs, count) =>
    Array.from({ length: count }, (_, day) => midnightMs + day * dayMs)
      .filter((ms) => saysDay(new Date(ms)))
      .flatMap((ms) => named.map((time) => ms + time));
}

function readTimes(times: string): Says {
  const clocks = [...times.matchAll(/(\d\d):(\d\d)/g)].map(([, hour, minute]) => Number(hour) * 60 + Number(minute));
  const minuteOfDay = (at: Date) => at.getUTCHours() * 60 + at.getUTCMinutes();
  if (times.startsWith('at ')) return (at) => clocks.includes(minuteOfDay(at));
  const [, count = '1', unit = ''] = /^every (?:(\d+) )?(minute|hour)s?/.exec(times) ?? fail(times);
  const past = [...times.matchAll(/ :(\d\d)/g)].map(([, minute]) => Number(minute));
  if (past.length > 0) return (at) => past.includes(at.getUTCMinutes());
  const [from = 0, to = 1_439] = clocks;
  const step = Number(count) * (unit === 'hour' ? 60 : 1);
  return (at) => minuteOfDay(at) >= from && minuteOfDay(at) <= to && (minuteOfDay(at) - from) % step === 0;
}

function readDays(days: string): Says {
  if (days === '') return () => true;
  const plain = days.replaceAll(', where there is one,', '').replace(/, where there is one$/, '');
  const [, counted, ofMonths, others] =
    /^(.*?) of (the month|.*?)(?: and ((?:[A-Z]\w+days|weekdays|weekends|first|second|third|fourth|fifth|last).*))?$/.exec(
      plain,
    ) ?? [];
  if (counted === undefined) return readWeekdays(plain);
  const saysMonth = readMonths(ofMonths ?? '');
  const saysCounted = readCounted(counted);
  const saysOther: Says = others === undefined ? () => false : readDays(others);
  return (at) => (saysMonth(at) && saysCounted(at)) || saysOther(at);
}

function readCounted(counted: string): Says {
  const [, first, last] = /^(\d+)\w\w to (\d+)\w\w/.exec(counted) ?? [];
  const parts = counted.split(/, | and /).map((part): Says => {
    const number = /^\d+/.exec(part);
    if (number !== null) return (at) => at.getUTCDate() === Number(number[0]);
    if (part === 'last day') return isLastDay;
    const [nth = '', weekday = ''] = part.split(' ');
    const isWeekday: Says = (at) => weekdays[at.getUTCDay()] === weekday;
    if (nth === 'last')
      return (at) => isWeekday(at) && new Date(at.getTime() + 7 * 86_400_000).getUTCMonth() !== at.getUTCMonth();
    return (at) => isWeekday(at) && nths[Math.floor((at.getUTCDate() - 1) / 7)] === nth;
  });
  const inRange: Says = (at) =>
    first !== undefined && at.getUTCDate() >= Number(first) && at.getUTCDate() <= Number(last);
  return (at) => inRange(at) || parts.some((says) => says(at));
}

const isLastDay: Says = (at) => new Date(at.getTime() + 86_400_000).getUTCDate() === 1;

function readWeekdays(words: string): Says {
  const [days = '', during] = words.split(' in ');
  const saysMonth = during === undefined ? () => true : readMonths(during);
  if (days === 'every day') return saysMonth;
  const names =
    days === 'weekdays'
      ? weekdays.slice(1, 6)
      : days === 'weekends'
        ? ['Saturday', 'Sunday']
        : namesIn(days.replaceAll(/days\b/g, 'day'), [...weekdays.slice(1), 'Sunday']);
  return (at) => saysMonth(at) && names.includes(weekdays[at.getUTCDay()] ?? '');
}

function readMonths(words: string): Says {
  const names = words === 'the month' ? months : namesIn(words, months);
  return (at) => names.includes(months[at.getUTCMonth()] ?? '');
}

/** `Monday, Tuesday and Friday`, or `Monday to Friday`. */
function namesIn(words: string, order: string[]): string[] {
  const [first = '', last] = words.split(' to ');
  const names =
    last === undefined ? words.split(/, | and /) : order.slice(order.indexOf(first), order.indexOf(last) + 1);
  return names.every((name) => order.includes(name)) ? names : fail(words);
}

function fail(words: string): never {
  throw new Error(`no person would understand "${words}"`);
}
