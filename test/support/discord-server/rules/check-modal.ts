import type { Problems } from './problems.ts';
import { checkChoice, checkList, checkText, isJson, type Json } from './read-json.ts';

const rowType = 1;
const inputType = 4;
const labelType = 18;
/** What a label may hold besides a text input: selects of any kind. */
const labelled = [3, inputType, 5, 6, 7, 8];

type Path = (string | number)[];

/** https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-modal */
export function checkModal({ custom_id, title, components }: Json, problems: Problems): void {
  checkText(custom_id, ['data', 'custom_id'], problems, { min: 1, max: 100, isRequired: true });
  checkText(title, ['data', 'title'], problems, { min: 1, max: 45, isRequired: true });
  const ids = new Set<unknown>();
  for (const [index, top] of checkList(components ?? [], ['data', 'components'], problems, 5, 1).entries()) {
    const path: Path = ['data', 'components', index];
    if (!isJson(top)) problems.add(path, 'MODEL_TYPE_CONVERT', 'Only dictionaries may be used in a ModelType');
    else checkTop(top, path, problems, ids);
  }
}

function checkTop(top: Json, path: Path, problems: Problems, ids: Set<unknown>): void {
  checkChoice(top['type'], [...path, 'type'], problems, [rowType, labelType]);
  if (top['type'] === labelType) {
    checkText(top['label'], [...path, 'label'], problems, { min: 1, max: 45, isRequired: true });
    checkText(top['description'], [...path, 'description'], problems, { max: 100 });
    checkPart(top['component'], [...path, 'component'], problems, ids, labelled);
    return;
  }
  for (const [place, part] of checkList(top['components'] ?? [], [...path, 'components'], problems, 1, 1).entries()) {
    const at = [...path, 'components', place];
    if (isJson(part)) checkText(part['label'], [...at, 'label'], problems, { min: 1, max: 45, isRequired: true });
    checkPart(part, at, problems, ids, [inputType]);
  }
}

function checkPart(part: unknown, path: Path, problems: Problems, ids: Set<unknown>, types: number[]): void {
  if (!isJson(part)) return problems.add(path, 'BASE_TYPE_REQUIRED', 'This field is required');
  checkChoice(part['type'], [...path, 'type'], problems, types);
  const { custom_id, style, value, placeholder, min_length, max_length } = part;
  checkText(custom_id, [...path, 'custom_id'], problems, { min: 1, max: 100, isRequired: true });
  if (ids.has(custom_id))
    problems.add([...path, 'custom_id'], 'COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated');
  ids.add(custom_id);
  if (part['type'] !== inputType) return;
  checkChoice(style, [...path, 'style'], problems, [1, 2]);
  checkText(value, [...path, 'value'], problems, { max: 4000 });
  checkText(placeholder, [...path, 'placeholder'], problems, { max: 100 });
  checkRange(min_length, [...path, 'min_length'], problems, 0, 4000);
  checkRange(max_length, [...path, 'max_length'], problems, 1, 4000);
  if (typeof value === 'string' && typeof max_length === 'number' && value.length > max_length)
    problems.add([...path, 'value'], 'BASE_TYPE_MAX_LENGTH', `Must be ${max_length} or fewer in length.`);
}

function checkRange(given: unknown, path: Path, problems: Problems, min: number, max: number): void {
  if (given === undefined || given === null) return;
  if (!Number.isInteger(given) || Number(given) < min || Number(given) > max)
    problems.add(path, 'NUMBER_TYPE_MAX', `int value should be between ${min} and ${max}.`);
}
