import type { Problems } from './problems.ts';
import { checkChoice, checkList, isJson } from './read-json.ts';

/** https://discord.com/developers/docs/resources/message#allowed-mentions-object */
export function checkAllowedMentions(given: unknown, problems: Problems): void {
  if (!isJson(given)) return;
  const parse = checkList(given['parse'], ['allowed_mentions', 'parse'], problems, 3);
  for (const [index, kind] of parse.entries())
    checkChoice(kind, ['allowed_mentions', 'parse', index], problems, ['roles', 'users', 'everyone']);
  for (const key of ['users', 'roles'] as const) {
    const ids = checkList(given[key], ['allowed_mentions', key], problems, 100);
    if (ids.length > 0 && parse.includes(key))
      problems.add(
        ['allowed_mentions'],
        'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
        `parse:["${key}"] and ${key}: [ids...] are mutually exclusive.`,
      );
  }
}
