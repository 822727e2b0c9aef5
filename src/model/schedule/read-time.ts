import type { Lexeme } from './lexeme.ts';
import { Refusal } from './refusal.ts';

const timeWord = /^(\d{1,2})(?:[:.](\d{2}))?(?:(am|pm)|(?<=:\d{2}):(\d{2}(?:\.\d+)?))?$/;

/** `2am`, `2:30pm`, `2.30pm`, `14:30`; `undefined` for a word that is no time. Throws a `Refusal` for a time that is none. */
export function readTimeWord(word: string): Lexeme | undefined {
  const [, hourText, minuteText, half, seconds] = timeWord.exec(word) ?? [];
  if (hourText === undefined || (minuteText === undefined && half === undefined)) return undefined;
  if (seconds !== undefined && Number(seconds) > 0) {
    throw new Refusal(`times go by the minute; write \`${hourText}:${minuteText}\``);
  }
  const given = { hour: Number(hourText), minute: Number(minuteText ?? 0) };
  if (given.hour === 24 && given.minute === 0) {
    throw new Refusal('there is no `24:00`; a day ends where the next one begins: `00:00`');
  }
  if (given.minute > 59) throw new Refusal(`\`${word}\` is no time: an hour has 60 minutes`);
  if (half === undefined) {
    if (given.hour > 23) throw new Refusal(`\`${word}\` is no time: a day goes from \`00:00\` to \`23:59\``);
    return { kind: 'time', time: given };
  }
  if (given.hour < 1 || given.hour > 12) {
    throw new Refusal(
      `\`${word}\` is no time: with am and pm the hours go from 1 to 12. Or write \`${plainTime(given)}\``,
    );
  }
  return { kind: 'time', time: { hour: (given.hour % 12) + (half === 'pm' ? 12 : 0), minute: given.minute } };
}

function plainTime({ hour, minute }: { hour: number; minute: number }): string {
  return hour > 23 ? '23:00' : formatTime({ hour, minute });
}

/** `02:00` */
export function formatTime({ hour, minute }: { hour: number; minute: number }): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
