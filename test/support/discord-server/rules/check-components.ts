import type { Problems } from './problems.ts';
import { checkChoice, checkList, checkText, isJson, type Json } from './read-json.ts';

const rowType = 1;
const buttonType = 2;
/** Of texts, users, roles, mentionables and channels. */
const selectTypes = [3, 5, 6, 7, 8];
const linkStyle = 5;

type Path = (string | number)[];

/** Rows of buttons and selects. https://discord.com/developers/docs/components/reference (without "components v2"). */
export function checkComponents(given: unknown, problems: Problems): void {
  const ids = new Set<unknown>();
  for (const [index, row] of checkList(given, ['components'], problems, 5).entries()) {
    const path = ['components', index];
    if (!isJson(row) || row['type'] !== rowType) {
      problems.add([...path, 'type'], 'BASE_TYPE_CHOICES', `Value must be one of {${rowType}}.`);
      continue;
    }
    const parts = checkList(row['components'] ?? [], [...path, 'components'], problems, 5, 1);
    const hasSelect = parts.some((part) => isJson(part) && selectTypes.includes(Number(part['type'])));
    if (hasSelect && parts.length > 1)
      problems.add([...path, 'components'], 'COMPONENT_LAYOUT_WIDTH_EXCEEDED', 'The row is too wide.');
    for (const [place, part] of parts.entries()) checkPart(part, [...path, 'components', place], problems, ids);
  }
}

function checkPart(part: unknown, path: Path, problems: Problems, ids: Set<unknown>): void {
  if (!isJson(part)) return problems.add(path, 'MODEL_TYPE_CONVERT', 'Only dictionaries may be used in a ModelType');
  checkChoice(part['type'], [...path, 'type'], problems, [buttonType, ...selectTypes]);
  if (part['type'] === buttonType) checkButton(part, path, problems);
  else checkSelect(part, path, problems);
  const id = part['custom_id'];
  if (id === undefined) return;
  if (ids.has(id))
    problems.add([...path, 'custom_id'], 'COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated');
  ids.add(id);
}

function checkButton({ style, label, emoji, url, custom_id }: Json, path: Path, problems: Problems): void {
  checkChoice(style, [...path, 'style'], problems, [1, 2, 3, 4, linkStyle, 6]);
  checkText(label, [...path, 'label'], problems, { max: 80 });
  if (!label && !emoji) problems.add([...path, 'label'], 'BASE_TYPE_REQUIRED', 'A label or an emoji is required');
  if (style === linkStyle) checkText(url, [...path, 'url'], problems, { max: 512, isRequired: true });
  else checkText(custom_id, [...path, 'custom_id'], problems, { min: 1, max: 100, isRequired: true });
  if (style === linkStyle && custom_id !== undefined)
    problems.add(
      [...path, 'custom_id'],
      'BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE',
      'A link has no custom id',
    );
  if (style !== linkStyle && url !== undefined)
    problems.add([...path, 'url'], 'BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE', 'Only a link has a url');
}

function checkSelect({ type, custom_id, placeholder, options }: Json, path: Path, problems: Problems): void {
  checkText(custom_id, [...path, 'custom_id'], problems, { min: 1, max: 100, isRequired: true });
  checkText(placeholder, [...path, 'placeholder'], problems, { max: 150 });
  if (type !== 3) return;
  for (const [index, option] of checkList(options ?? [], [...path, 'options'], problems, 25, 1).entries()) {
    const { label, value, description } = isJson(option) ? option : {};
    const at = [...path, 'options', index];
    checkText(label, [...at, 'label'], problems, { min: 1, max: 100, isRequired: true });
    checkText(value, [...at, 'value'], problems, { min: 1, max: 100, isRequired: true });
    checkText(description, [...at, 'description'], problems, { max: 100 });
  }
}
