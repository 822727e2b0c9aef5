import { flagRules } from './flag-rules.ts';
import { withoutInvisible } from './invisible.ts';
import { mistake, shownFlag } from './mistake.ts';
import { slugWords } from './slug-words.ts';
import { isCommandWord } from './subcommands.ts';

const maxLength = 50;

/** Reads the name of a job: a slug that is read neither as a run's number nor as a command. Throws a UserError. */
export function parseJobName(text: string): string {
  const name = withoutInvisible(text).trim();
  if (readsAsRun(name)) throw refused(name, 'it reads as the number of a run.');
  if (isCommandWord(name)) throw refused(name, 'it is a word of the commands.');
  if (name.length > maxLength) throw refused(name, `it has ${name.length.toLocaleString('en')} characters.`);
  if (!/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(name)) throw refused(name);
  return name;
}

/** Whether no job may have this name, because it means something else where a job is named. */
export const isReservedName = (name: string): boolean => readsAsRun(name) || isCommandWord(name);

const readsAsRun = (name: string): boolean => /^[r#]?\d+(?:-\d+)?$/i.test(name);

function refused(name: string, why?: string) {
  const slug = slugWords(name.slice(0, 200)).join('-').slice(0, maxLength).replace(/-$/, '');
  const example = slug === '' ? flagRules.name.example : `--name ${isReservedName(slug) ? `job-${slug}` : slug}`;
  return mistake(
    `I can't take ${shownFlag('name', name)}${why === undefined ? '.' : `: ${why}`}`,
    flagRules.name.allowed,
    example,
  );
}
