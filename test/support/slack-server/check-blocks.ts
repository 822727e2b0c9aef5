import { checkElement, checkText, type Complain } from './check-elements.ts';
import { invalid, SlackFailure } from './slack-failure.ts';
import type { Block, Json } from './slack-types.ts';

/** All texts of a message's blocks together: Slack's documentation is silent, its API refuses from about here. */
const maxAllTexts = 13_000;

/** The blocks of a message or view by Slack's documented limits, each with a `block_id`; or the refusal. */
export function checkBlocks(given: unknown, where: 'message' | 'view'): Block[] {
  if (!Array.isArray(given)) throw new SlackFailure('invalid_blocks_format');
  const faults: string[] = [];
  const complain: Complain = (rule, pointer) => faults.push(`${rule} [json-pointer:${pointer}]`);
  const root = where === 'message' ? '/blocks' : '/view/blocks';
  const max = where === 'message' ? 50 : 100;
  if (given.length > max) complain(`no more than ${max} items allowed`, root);
  const ids = new Set<string>();
  const blocks = (given as Block[]).map((block, index) => {
    const at = `${root}/${index}`;
    const id = block.block_id;
    if (id !== undefined) {
      if (id.length > 255) complain('must be less than 256 characters', `${at}/block_id`);
      if (ids.has(id)) complain('must be unique', `${at}/block_id`);
      ids.add(id);
    }
    checkBlock(block, at, where, complain);
    return id === undefined ? { ...block, block_id: `b${index}` } : block;
  });
  if (faults.length > 0) throw invalid(where === 'message' ? 'invalid_blocks' : 'invalid_arguments', faults);
  if (where === 'message' && textLength(given) > maxAllTexts) throw new SlackFailure('msg_blocks_too_long');
  return blocks;
}

function checkBlock(block: Block, at: string, where: 'message' | 'view', complain: Complain): void {
  const elements = (block['elements'] as Json[] | undefined) ?? [];
  switch (block.type) {
    case 'section': {
      if (block['text'] === undefined && block['fields'] === undefined) complain('must have text or fields', at);
      if (block['text'] !== undefined) checkText(block['text'], 3000, `${at}/text`, complain);
      const fields = (block['fields'] as unknown[] | undefined) ?? [];
      if (fields.length > 10) complain('no more than 10 items allowed', `${at}/fields`);
      fields.forEach((field, index) => checkText(field, 2000, `${at}/fields/${index}`, complain));
      if (block['accessory'] !== undefined) checkElement(block['accessory'] as Json, `${at}/accessory`, complain);
      return;
    }
    case 'context':
      if (elements.length === 0) complain('must have at least 1 item', `${at}/elements`);
      if (elements.length > 10) complain('no more than 10 items allowed', `${at}/elements`);
      return elements.forEach((element, index) => {
        if (element['type'] !== 'image') checkText(element, 3000, `${at}/elements/${index}`, complain);
      });
    case 'actions':
      return checkActions(elements, at, complain);
    case 'header':
      return checkText(block['text'], 150, `${at}/text`, complain, true);
    case 'markdown':
      if (where === 'view') complain('unsupported type: markdown', `${at}/type`);
      if (typeof block['text'] !== 'string' || block['text'] === '')
        complain('must be more than 0 characters', `${at}/text`);
      else if (block['text'].length > 12_000) complain('must be less than 12001 characters', `${at}/text`);
      return;
    case 'rich_text':
      if (elements.length === 0) complain('must have at least 1 item', `${at}/elements`);
      return;
    case 'input':
      checkText(block['label'], 2000, `${at}/label`, complain, true);
      if (block['hint'] !== undefined) checkText(block['hint'], 2000, `${at}/hint`, complain, true);
      if (block['element'] === undefined) complain('missing required field', `${at}/element`);
      else checkElement(block['element'] as Json, `${at}/element`, complain);
      return;
    case 'divider':
    case 'image':
      return;
    default:
      complain(`unsupported type: ${block.type}`, `${at}/type`);
  }
}

function checkActions(elements: Json[], at: string, complain: Complain): void {
  if (elements.length === 0) complain('must have at least 1 item', `${at}/elements`);
  if (elements.length > 25) complain('no more than 25 items allowed', `${at}/elements`);
  const ids = new Set<unknown>();
  elements.forEach((element, index) => {
    if (element['action_id'] !== undefined && ids.has(element['action_id'])) {
      complain('`action_id` must be unique', `${at}/elements/${index}/action_id`);
    }
    ids.add(element['action_id']);
    checkElement(element, `${at}/elements/${index}`, complain);
  });
}

/** The characters of all texts in there, however deep. */
function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + textLength(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, inner]) =>
      sum + (typeof inner === 'string' ? (key === 'text' || key === 'url' ? inner.length : 0) : textLength(inner)),
    0,
  );
}
