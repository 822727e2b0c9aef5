import type { Problems } from './problems.ts';
import { checkChoice, checkList, checkText, isJson, type Json } from './read-json.ts';

const nameRule = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const subcommand = 1;
const group = 2;
const stringType = 3;
const numeric = [4, 10];

type Path = (string | number)[];

/** https://discord.com/developers/docs/interactions/application-commands#application-command-object */
export function checkCommand(command: Json, path: Path, problems: Problems): void {
  checkName(command['name'], [...path, 'name'], problems);
  checkText(command['description'], [...path, 'description'], problems, { min: 1, max: 100, isRequired: true });
  checkOptions(command['options'], [...path, 'options'], problems, 0);
  if (textSize(command) > 8000)
    problems.add(path, 'APPLICATION_COMMAND_TOO_LARGE', 'Command exceeds maximum size (8000)');
}

/** Names, descriptions and values, of everything inside: what the limit of 8,000 counts. */
function textSize(part: Json): number {
  const own = ['name', 'description', 'value'].map((key) => (typeof part[key] === 'string' ? part[key].length : 0));
  const inner = [part['options'], part['choices']].flatMap((list) => (Array.isArray(list) ? list.filter(isJson) : []));
  return [...own, ...inner.map(textSize)].reduce((sum, size) => sum + size, 0);
}

function checkName(name: unknown, path: Path, problems: Problems): void {
  const text = typeof name === 'string' ? name : '';
  if (!nameRule.test(text) || text !== text.toLowerCase())
    problems.add(path, 'APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid');
}

function checkOptions(given: unknown, path: Path, problems: Problems, depth: number): void {
  const options = checkList(given, path, problems, 25).map((option) => (isJson(option) ? option : {}));
  const names = options.map(({ name }) => name);
  if (new Set(names).size < names.length)
    problems.add(path, 'APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS', 'Option name already exists');
  const kinds = new Set(options.map(({ type }) => (type === subcommand || type === group ? 'sub' : 'value')));
  if (kinds.size > 1)
    problems.add(path, 'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID', 'Sub-commands and other options cannot be mixed');
  const lastRequired = options.findLastIndex(({ required }) => required === true);
  if (options.slice(0, Math.max(lastRequired, 0)).some(({ required }) => required !== true))
    problems.add(
      path,
      'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
      'Required options must be placed before non-required options',
    );
  for (const [index, option] of options.entries()) checkOption(option, [...path, index], problems, depth);
}

function checkOption(option: Json, path: Path, problems: Problems, depth: number): void {
  const { type, name, description, options, autocomplete } = option;
  checkChoice(
    type,
    [...path, 'type'],
    problems,
    depth === 0 ? allTypes : depth === 1 ? allTypes.filter((one) => one !== group) : allTypes.slice(2),
  );
  checkName(name, [...path, 'name'], problems);
  checkText(description, [...path, 'description'], problems, { min: 1, max: 100, isRequired: true });
  if (type === subcommand || type === group) {
    checkOptions(options, [...path, 'options'], problems, type === group ? 1 : 2);
    if (type === group && !Array.isArray(options))
      problems.add([...path, 'options'], 'BASE_TYPE_REQUIRED', 'This field is required');
    return;
  }
  const hasText = type === stringType || numeric.includes(Number(type));
  const choices = checkChoices(option, path, problems);
  if (autocomplete === true && (choices > 0 || !hasText))
    problems.add(
      [...path, 'autocomplete'],
      'APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID',
      'Autocomplete needs a text or a number without choices',
    );
  for (const key of ['min_length', 'max_length'] as const) {
    const length = option[key];
    if (length === undefined || length === null) continue;
    if (
      type !== stringType ||
      !Number.isInteger(length) ||
      Number(length) > 6000 ||
      Number(length) < (key === 'max_length' ? 1 : 0)
    )
      problems.add([...path, key], 'NUMBER_TYPE_MAX', 'int value should be between 0 and 6000, of a text.');
  }
}

const allTypes = [subcommand, group, stringType, 4, 5, 6, 7, 8, 9, 10, 11];

function checkChoices({ choices, type }: Json, path: Path, problems: Problems): number {
  const list = checkList(choices, [...path, 'choices'], problems, 25);
  for (const [index, choice] of list.entries()) checkOneChoice(choice, [...path, 'choices', index], problems, type);
  return list.length;
}

/** A choice of an option, or one that autocompletion offers. */
export function checkOneChoice(choice: unknown, path: Path, problems: Problems, type?: unknown): void {
  const { name, value } = isJson(choice) ? choice : {};
  checkText(name, [...path, 'name'], problems, { min: 1, max: 100, isRequired: true });
  if (type === stringType || typeof value !== 'number')
    checkText(value, [...path, 'value'], problems, { max: 100, isRequired: true });
  if (type !== undefined && type !== stringType && typeof value !== 'number')
    problems.add([...path, 'value'], 'NUMBER_TYPE_COERCE', 'Value is not a number.');
}
