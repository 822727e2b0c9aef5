import { checkBlocks } from './check-blocks.ts';
import { checkText, type Complain } from './check-elements.ts';
import { invalid, SlackFailure } from './slack-failure.ts';
import type { Block, Json } from './slack-types.ts';

/** A view by Slack's documented limits, or the refusal. */
export function checkView(given: unknown): Json & { blocks: Block[] } {
  if (typeof given !== 'object' || given === null) throw new SlackFailure('invalid_arguments');
  const view = given as Json;
  const faults: string[] = [];
  const complain: Complain = (rule, pointer) => faults.push(`${rule} [json-pointer:${pointer}]`);
  if (view['type'] !== 'modal' && view['type'] !== 'home') complain('must be modal or home', '/view/type');
  if (view['type'] === 'modal') {
    checkText(view['title'], 24, '/view/title', complain, true);
    if (view['submit'] !== undefined) checkText(view['submit'], 24, '/view/submit', complain, true);
    if (view['close'] !== undefined) checkText(view['close'], 24, '/view/close', complain, true);
  }
  const limits = [
    ['private_metadata', 3000],
    ['callback_id', 255],
    ['external_id', 255],
  ] as const;
  for (const [name, max] of limits) {
    const value = view[name];
    if (typeof value === 'string' && value.length > max)
      complain(`must be less than ${max + 1} characters`, `/view/${name}`);
  }
  const blocks = checkBlocks(view['blocks'], 'view');
  if (view['type'] === 'modal' && view['submit'] === undefined && blocks.some(({ type }) => type === 'input')) {
    complain('submit is required when an input block is within blocks', '/view/submit');
  }
  if (faults.length > 0) throw invalid('invalid_arguments', faults);
  if (JSON.stringify(view).length > 250_000) throw new SlackFailure('view_too_large');
  return { ...view, blocks };
}
