import type { Problems } from './problems.ts';
import { checkList, checkText, isJson, textOf } from './read-json.ts';

/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
export function checkEmbeds(given: unknown, problems: Problems): void {
  const embeds = checkList(given, ['embeds'], problems, 10);
  const total = embeds.reduce<number>((sum, embed, index) => sum + checkEmbed(embed, ['embeds', index], problems), 0);
  if (total > 6000) problems.add(['embeds'], 'MAX_EMBED_SIZE_EXCEEDED', 'Embed size exceeds maximum size of 6000');
}

type Path = (string | number)[];

function checkEmbed(embed: unknown, path: Path, problems: Problems): number {
  if (!isJson(embed)) {
    problems.add(path, 'MODEL_TYPE_CONVERT', 'Only dictionaries may be used in a ModelType');
    return 0;
  }
  const { title, description, url, color, timestamp, footer, author } = embed;
  const text = (value: unknown, key: Path, max: number, isRequired = false) =>
    checkText(value, [...path, ...key], problems, { max, isRequired });
  let length = text(title, ['title'], 256) + text(description, ['description'], 4096);
  if (isJson(footer)) length += text(footer['text'], ['footer', 'text'], 2048);
  if (isJson(author)) length += text(author['name'], ['author', 'name'], 256);
  for (const [index, field] of checkList(embed['fields'], [...path, 'fields'], problems, 25).entries()) {
    const { name, value } = isJson(field) ? field : {};
    length += text(name, ['fields', index, 'name'], 256, true) + text(value, ['fields', index, 'value'], 1024, true);
  }
  if (url !== undefined && url !== null && !/^(?:https?|attachment):\/\/./.test(textOf(url)))
    problems.add([...path, 'url'], 'URL_TYPE_INVALID_URL', 'Not a well formed URL.');
  if (
    color !== undefined &&
    color !== null &&
    !(Number.isInteger(color) && Number(color) >= 0 && Number(color) <= 0xffffff)
  )
    problems.add([...path, 'color'], 'NUMBER_TYPE_MAX', 'int value should be between 0 and 16777215.');
  if (timestamp !== undefined && timestamp !== null && Number.isNaN(Date.parse(textOf(timestamp))))
    problems.add([...path, 'timestamp'], 'BASE_TYPE_INVALID', 'Not a valid ISO8601 timestamp.');
  return length;
}
