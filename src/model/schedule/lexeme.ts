/** What one word, or a few that belong together, says. Weekdays are 0 (Sunday) to 6, months 1 to 12. */
export type Lexeme =
  | { kind: 'mark'; mark: Mark }
  | { kind: 'unit'; unit: Unit; isPlural: boolean }
  | { kind: 'number'; value: number }
  | { kind: 'duration'; duration: Duration }
  | { kind: 'weekdays'; days: number[]; isPlural: boolean }
  | { kind: 'ordinal'; nth: number | 'last' }
  | { kind: 'time'; time: TimeOfDay }
  | { kind: 'month'; month: number }
  | { kind: 'date'; date: CalendarDate }
  | { kind: 'instant'; atMs: number }
  | { kind: 'near-day'; day: NearDay }
  | { kind: 'period'; period: Period }
  | { kind: 'unknown'; word: string };

/** Words that say how others belong together. */
export type Mark = 'and' | 'every' | 'from' | 'in' | 'next' | 'now' | 'of' | 'to';
export type Unit = Period | 'night' | 'second' | 'year';
export type Period = 'minute' | 'hour' | 'day' | 'week' | 'month';
export type NearDay = 'today' | 'tonight' | 'tomorrow';

export interface TimeOfDay {
  hour: number;
  minute: number;
}

/** Days are calendar days, for `in 3 days`; `ms` is real time. */
export interface Duration {
  days: number;
  ms: number;
}

/** Without a year it is the next such date. */
export interface CalendarDate {
  year?: number | undefined;
  month: number;
  day: number;
}
