import type { types } from '@slack/bolt';
import * as z from 'zod';

import { formFields, type FormField, type FormFields } from '../../model/job-form.ts';
import { splitChecks } from '../check-lines.ts';
import { inputId, plain } from './form-view.ts';

const inputSchema = z.object({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
});

/** What Slack says of a modal: of its state, the value of each input by block and action. */
const viewSchema = z.looseObject({
  id: z.string(),
  hash: z.string().optional(),
  private_metadata: z.string(),
  callback_id: z.string(),
  title: z.looseObject({ text: z.string() }),
  submit: z.looseObject({ text: z.string() }).nullish(),
  close: z.looseObject({ text: z.string() }).nullish(),
  blocks: z.array(z.looseObject({ type: z.string(), block_id: z.string().optional() })),
  state: z.object({ values: z.record(z.string(), z.record(z.string(), inputSchema)) }),
});

export type ShownView = z.infer<typeof viewSchema>;

export const readView = (view: unknown): ShownView => viewSchema.parse(view);

/** What stands in an input now; undefined for one that the view does not have. */
function typedIn({ state }: ShownView, id: string): string | undefined {
  const input = state.values[id]?.[id];
  return input && (input.selected_option?.value ?? input.value ?? '');
}

/** The fields as they are filled in; those that the view does not have are left out. */
export function readFields(view: ShownView): FormFields {
  const typed = (field: FormField): [FormField, string | string[]][] => {
    const value = typedIn(view, inputId(field));
    return value === undefined ? [] : [[field, field === 'accept' ? splitChecks(value) : value]];
  };
  return Object.fromEntries(formFields.flatMap(typed));
}

/** The one input of a small form. */
export const readInput = (view: ShownView, id: string): string => typedIn(view, id) ?? '';

/** A shown view with other blocks, as Slack takes it; `change` gets its blocks with what is typed in them now. */
export function changedView(
  view: ShownView,
  change: (blocks: types.KnownBlock[]) => types.KnownBlock[],
): types.ModalView {
  return {
    type: 'modal',
    callback_id: view.callback_id,
    private_metadata: view.private_metadata,
    title: plain(view.title.text),
    ...(view.submit ? { submit: plain(view.submit.text) } : {}),
    ...(view.close ? { close: plain(view.close.text) } : {}),
    blocks: change(view.blocks.map((block) => withTyped(view, block as unknown as types.KnownBlock))),
  };
}

/** Slack keeps what stands in an input whose ids stay; the form is right without that, too. */
function withTyped(view: ShownView, block: types.KnownBlock): types.KnownBlock {
  if (block.type !== 'input' || block.block_id === undefined) return block;
  const value = typedIn(view, block.block_id);
  if (value === undefined) return block;
  if (block.element.type === 'plain_text_input') {
    const { initial_value: _, ...element } = block.element;
    return { ...block, element: value === '' ? element : { ...element, initial_value: value } };
  }
  if (block.element.type !== 'static_select') return block;
  const { initial_option: _, ...element } = block.element;
  const chosen = element.options?.find((option) => option.value === value);
  return { ...block, element: chosen === undefined ? element : { ...element, initial_option: chosen } };
}
