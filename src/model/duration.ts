const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** From the longest to the shortest: `1h30m` is a duration, `30m1h` is a slip. */
const units: { pattern: RegExp; ms: number }[] = [
  { pattern: /^(?:w|weeks?)$/, ms: 7 * day },
  { pattern: /^(?:d|days?)$/, ms: day },
  { pattern: /^(?:h|hrs?|hours?)$/, ms: hour },
  { pattern: /^(?:m|mins?|minutes?)$/, ms: minute },
  { pattern: /^(?:s|secs?|seconds?)$/, ms: second },
];

const part = /^(\d+(?:\.\d+)?)\s*([a-z]+)(?:\s*(?:,|and\s)\s*|\s*)/;

/**
 * Reads `2h`, `90m`, `1h30m`, `1.5 h`, `45 min`, `2 days`, `1 hour and 30 minutes` as whole milliseconds. A day has 24
 * hours. Returns `undefined` for anything else, a bare number too: it has no unit.
 */
export function parseDurationMs(text: string): number | undefined {
  let rest = text.trim().toLowerCase();
  if (rest === '' || /(?:,|\band)$/.test(rest)) return undefined;
  let totalMs = 0;
  let nextUnit = 0;
  while (rest !== '') {
    const match = part.exec(rest);
    if (!match) return undefined;
    const [read, amount, word] = match as unknown as [string, string, string];
    const index = units.findIndex((unit) => unit.pattern.test(word));
    const unit = units[index];
    if (!unit || index < nextUnit) return undefined;
    totalMs += Number(amount) * unit.ms;
    nextUnit = index + 1;
    rest = rest.slice(read.length);
  }
  return Number.isSafeInteger(Math.round(totalMs)) ? Math.round(totalMs) : undefined;
}

/**
 * Says a duration as people read it, with at most two units: `0.4 s`, `12 s`, `1 min 30 s`, `45 min`, `1 h 30 min`,
 * `2 days 3 h`. Rounded to tenths below a second, to seconds below ten minutes, to minutes below a day, then to hours. What
 * ended before it began, since the clock was set back, took `0 s`.
 */
export function formatDuration(ms: number): string {
  if (ms < 0.95 * second) return `${Math.round(Math.max(0, ms) / 100) / 10} s`;
  const seconds = round(ms, second);
  if (seconds < 10 * minute) return inUnits(seconds, [minute, 'min'], [second, 's']);
  const minutes = round(ms, minute);
  if (minutes < day) return inUnits(minutes, [hour, 'h'], [minute, 'min']);
  const hours = round(ms, hour);
  return inUnits(hours, [day, hours < 2 * day ? 'day' : 'days'], [hour, 'h']);
}

function round(ms: number, unitMs: number): number {
  return Math.round(ms / unitMs) * unitMs;
}

function inUnits(ms: number, [majorMs, major]: [number, string], [minorMs, minor]: [number, string]): string {
  const majors = Math.floor(ms / majorMs);
  const minors = Math.round((ms - majors * majorMs) / minorMs);
  const parts = [];
  if (majors > 0) parts.push(`${majors} ${major}`);
  if (minors > 0) parts.push(`${minors} ${minor}`);
  return parts.join(' ');
}
