import type { Act, Acts } from './act.ts';
import { checkView } from './check-view.ts';
import { buttonOf } from './find-button.ts';
import { personJson } from './people.ts';
import { SlackFailure } from './slack-failure.ts';
import type { Block, Json, SlackUser, SlackView } from './slack-types.ts';
import { inputsOf, replaceView, storeView, viewJson } from './view-state.ts';
import type { World } from './world.ts';

/** What stands in inputs: by `block_id` or `action_id`; for a choice its value. `null` empties it. */
export type Values = Record<string, string | string[] | null>;

export interface UseViews {
  /** Fills inputs in without sending anything. Throws where there is no such input, option, or room. */
  fill(view: SlackView, values: Values): void;
  /**
   * Presses enter in an input, or chooses in one, that the app wants to hear of (`dispatch_action`): fills it in and tells the
   * app.
   */
  enter(view: SlackView, input: string, value: string | null): Promise<Act>;
  clickInView(view: SlackView, button: string): Promise<Act>;
  /** Fills in and submits. What the app says at the fields is in `view.errors`; without that the view is closed. */
  submitView(view: SlackView, values?: Values): Promise<Act>;
  closeView(view: SlackView): Promise<Act | undefined>;
}

function inputNamed(view: SlackView, name: string): { block: Block; element: Json } {
  const all = inputsOf(view.content.blocks);
  const found = all.find(({ block, element }) => block.block_id === name || element['action_id'] === name);
  if (found !== undefined) return found;
  throw new Error(`There is no input ${name}; there is: ${all.map(({ block }) => block.block_id).join(', ')}.`);
}

function optionOf(element: Json, value: string): Json {
  const groups = (element['option_groups'] as { options: Json[] }[] | undefined) ?? [];
  const options = [...((element['options'] as Json[] | undefined) ?? []), ...groups.flatMap((group) => group.options)];
  const found = options.find((option) => option['value'] === value || (option['text'] as Json)['text'] === value);
  if (found === undefined) throw new Error(`${String(element['action_id'])} has no option ${value}.`);
  return found;
}

function filled(element: Json, value: string | string[] | null): Json {
  const type = element['type'];
  const isOne = type === 'static_select' || type === 'radio_buttons';
  if (isOne) return { type, selected_option: typeof value === 'string' ? optionOf(element, value) : null };
  if (type === 'checkboxes' || type === 'multi_static_select') {
    const chosen = Array.isArray(value) ? value : value === null ? [] : [value];
    return { type, selected_options: chosen.map((one) => optionOf(element, one)) };
  }
  const max = Number(element['max_length'] ?? 3000);
  if (typeof value === 'string' && value.length > max)
    throw new Error(`${String(element['action_id'])} takes ${max} characters.`);
  return { type, value: value === '' ? null : value };
}

const isEmpty = (held: Json | undefined): boolean => {
  const chosen = held?.['selected_options'];
  return (
    (held?.['value'] ?? held?.['selected_option'] ?? (Array.isArray(chosen) && chosen.length > 0 ? chosen : null)) ===
    null
  );
};

export function createUseViews(world: World, acts: Acts): UseViews {
  function fill(view: SlackView, values: Values): void {
    if (!view.isOpen) throw new Error('The view is closed.');
    for (const [name, value] of Object.entries(values)) {
      const { block, element } = inputNamed(view, name);
      (view.state[String(block.block_id)] ??= {})[String(element['action_id'])] = filled(element, value);
    }
  }

  const owner = (view: SlackView): SlackUser => world.users.get(view.user) as SlackUser;

  async function tell(view: SlackView, action: Json, block: Block): Promise<Act> {
    const started = acts.start({ user: view.user, channel: '' });
    return await acts.send(started, 'interactive', {
      type: 'block_actions',
      ...personJson(world, owner(view)),
      container: { type: 'view', view_id: view.id },
      trigger_id: started.trigger_id,
      view: viewJson(world, view),
      actions: [{ ...action, block_id: block.block_id, action_ts: world.nextTs() }],
    });
  }

  async function submitView(view: SlackView, values: Values = {}): Promise<Act> {
    fill(view, values);
    for (const { block, element } of inputsOf(view.content.blocks)) {
      const held = view.state[String(block.block_id)]?.[String(element['action_id'])];
      const isNeeded = block.type === 'input' && block['optional'] !== true;
      if (isNeeded && isEmpty(held)) throw new Error(`Slack asks for ${block.block_id} before it sends the form.`);
    }
    const started = acts.start({ user: view.user, channel: '' });
    const act = await acts.send(started, 'interactive', {
      type: 'view_submission',
      ...personJson(world, owner(view)),
      trigger_id: started.trigger_id,
      view: viewJson(world, view),
      response_urls: [],
    });
    if (act.ack.ok) takeResponse(view, act.ack.payload, started.id);
    world.signal.touch();
    return act;
  }

  /** What the acknowledgement of a submission makes of the view. */
  function takeResponse(view: SlackView, response: Json, act: string): void {
    view.errors = {};
    try {
      switch (response['response_action']) {
        case 'errors':
          view.errors = response['errors'] as Record<string, string>;
          return checkErrors(view);
        case 'update':
          return replaceView(world, view, checkView(response['view']));
        case 'push':
          return void storeView(world, checkView(response['view']), { user: view.user, act, parent: view.id });
        case 'clear':
          for (const one of world.views.values())
            if (one.user === view.user && one.type === 'modal') one.isOpen = false;
          return;
        default:
          view.isOpen = false;
      }
    } catch (error) {
      if (!(error instanceof SlackFailure)) throw error;
      world.violations.push(`view_submission: ${error.code} ${JSON.stringify(error.details)}`);
    }
  }

  function checkErrors(view: SlackView): void {
    const inputs = new Set(view.content.blocks.filter(({ type }) => type === 'input').map(({ block_id }) => block_id));
    const stray = Object.keys(view.errors).filter((block) => !inputs.has(block));
    if (stray.length > 0) world.violations.push(`Errors at blocks that are no inputs: ${stray.join(', ')}.`);
  }

  return {
    fill,
    submitView,
    enter: async (view, input, value) => {
      fill(view, { [input]: value });
      const { block, element } = inputNamed(view, input);
      if (block.type === 'input' && block['dispatch_action'] !== true) {
        throw new Error(`${input} tells the app nothing: it has no dispatch_action.`);
      }
      const held = view.state[String(block.block_id)]?.[String(element['action_id'])] ?? {};
      return await tell(view, { action_id: element['action_id'], ...held }, block);
    },
    clickInView: async (view, button) => {
      const { element, block } = buttonOf(view.content.blocks, button);
      return await tell(view, element, block);
    },
    closeView: async (view) => {
      view.isOpen = false;
      if (view.content['notify_on_close'] !== true) return undefined;
      const started = acts.start({ user: view.user, channel: '' });
      return await acts.send(started, 'interactive', {
        type: 'view_closed',
        ...personJson(world, owner(view)),
        view: viewJson(world, view),
        is_cleared: false,
      });
    },
  };
}
