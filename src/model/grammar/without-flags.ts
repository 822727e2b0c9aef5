import { editFlagNames } from './flag-rules.ts';

const names = editFlagNames.join('|');
const flagWithValue = new RegExp(`\`--(?:${names}) (?:"([^"\`]*)"|([^\`]*))\``, 'g');
const flagAlone = new RegExp(`\`--(${names})\``, 'g');

/** A refusal for somebody who filled in a field and typed no flag: `--timeout 2` becomes `2`. */
export function withoutFlags(message: string): string {
  return message
    .replaceAll(flagWithValue, (_, quoted?: string, plain?: string) => `\`${quoted ?? plain ?? ''}\``)
    .replaceAll(flagAlone, '$1');
}
