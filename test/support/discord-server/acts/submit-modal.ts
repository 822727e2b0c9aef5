import { interactionKinds } from '../interaction.ts';
import { isJson, listOf, textOf, type Json } from '../rules/read-json.ts';
import { interact, type Shown, type Stage } from './interact.ts';

/** Sends a form that was shown, with some fields changed (by custom id); the others keep what they opened with. */
export async function submitModal(
  stage: Stage,
  shown: Shown,
  changed: Record<string, string | string[]>,
): Promise<Shown> {
  const { modal, interaction } = shown;
  if (!modal) throw new Error(`no form was shown, but ${shown.kind}`);
  const tops = listOf(modal['components']).filter(isJson);
  const ids = tops.flatMap(fieldsOf).map(({ custom_id }) => custom_id);
  const unknown = Object.keys(changed).find((id) => !ids.includes(id));
  if (unknown !== undefined) throw new Error(`the form has no field ${unknown}, but ${ids.join(', ')}`);
  const { user, channel, source } = interaction;
  const components = tops.map((top, index) => {
    const [filled] = fieldsOf(top).map((field) => fill(field, changed[String(field['custom_id'])]));
    const base = { type: top['type'], id: top['id'] ?? index + 1 };
    return top['type'] === 18 ? { ...base, component: filled } : { ...base, components: [filled] };
  });
  const data = { custom_id: modal['custom_id'], components };
  return await interact(stage, { kind: interactionKinds.modal, user, channel, source }, data);
}

/** What the fields of a form open with, by custom id. */
export function modalFields(shown: Shown): Record<string, string> {
  const fields = listOf(shown.modal?.['components']).filter(isJson).flatMap(fieldsOf);
  return Object.fromEntries(fields.map((field) => [String(field['custom_id']), textOf(field['value'])]));
}

const fieldsOf = (top: Json): Json[] => [top['component'], ...listOf(top['components'])].filter(isJson);

function fill(field: Json, changed: string | string[] | undefined): Json {
  const base = { type: field['type'], custom_id: field['custom_id'], id: field['id'] ?? 0 };
  if (field['type'] !== 4) {
    const chosen = listOf(field['options'])
      .filter(isJson)
      .filter((option) => option['default'] === true);
    return { ...base, values: changed === undefined ? chosen.map(({ value }) => value) : [changed].flat() };
  }
  const value = changed === undefined ? textOf(field['value']) : String(changed);
  const { length } = value;
  const refuse = (why: string) => {
    throw new Error(`Discord doesn't let people send ${String(field['custom_id'])}: ${why}`);
  };
  if (field['required'] !== false && length === 0) refuse('it is required');
  if (length > Number(field['max_length'] ?? 4000)) refuse('it is too long');
  if (length > 0 && length < Number(field['min_length'] ?? 0)) refuse('it is too short');
  // An input of one line has no line breaks.
  if (field['style'] === 1 && value.includes('\n')) refuse('it has one line');
  return { ...base, value };
}
