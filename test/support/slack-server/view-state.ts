import type { Block, Json, SlackView } from './slack-types.ts';
import type { World } from './world.ts';

/** What an input holds before anybody touches it. */
function initialValue(element: Json): Json {
  const type = element['type'];
  switch (type) {
    case 'static_select':
    case 'radio_buttons':
    case 'external_select':
      return { type, selected_option: element['initial_option'] ?? null };
    case 'checkboxes':
    case 'multi_static_select':
      return { type, selected_options: element['initial_options'] ?? [] };
    default:
      return { type, value: element['initial_value'] ?? null };
  }
}

/** The inputs of a view: those in input blocks, and those in sections and actions that hold something. */
export function inputsOf(blocks: Block[]): { block: Block; element: Json }[] {
  return blocks.flatMap((block) => {
    const inside = [block['element'], block['accessory'], ...((block['elements'] as unknown[] | undefined) ?? [])];
    if (!['input', 'section', 'actions'].includes(block.type)) return [];
    return inside
      .filter((element): element is Json => typeof element === 'object' && element !== null)
      .filter((element) => element['type'] !== 'button' && element['type'] !== 'overflow')
      .map((element) => ({ block, element }));
  });
}

/** The state of a view: what was typed stays where block and action have kept their ids. */
function stateOf(blocks: Block[], before: SlackView['state']): SlackView['state'] {
  const state: SlackView['state'] = {};
  for (const { block, element } of inputsOf(blocks)) {
    const [blockId, actionId] = [String(block.block_id), String(element['action_id'])];
    const kept = before[blockId]?.[actionId];
    const isSame = kept !== undefined && kept['type'] === element['type'];
    (state[blockId] ??= {})[actionId] = isSame ? kept : initialValue(element);
  }
  return state;
}

export function storeView(
  world: World,
  content: SlackView['content'],
  from: { user: string; act?: string; parent?: string },
): SlackView {
  const view: SlackView = {
    id: world.id('V'),
    hash: `${world.nextTs()}.h`,
    type: content['type'] as SlackView['type'],
    user: from.user,
    content,
    state: stateOf(content.blocks, {}),
    errors: {},
    isOpen: true,
    act: from.act,
    parent: from.parent,
  };
  world.views.set(view.id, view);
  return view;
}

export function replaceView(world: World, view: SlackView, content: SlackView['content']): void {
  view.content = content;
  view.hash = `${world.nextTs()}.h`;
  view.state = stateOf(content.blocks, view.state);
}

/** A view as the Web API and payloads carry it. */
export function viewJson(world: World, view: SlackView): Json {
  return {
    id: view.id,
    team_id: world.team,
    app_id: world.bot.app,
    app_installed_team_id: world.team,
    bot_id: world.bot.id,
    callback_id: '',
    external_id: '',
    private_metadata: '',
    close: null,
    submit: null,
    clear_on_close: false,
    notify_on_close: false,
    ...view.content,
    state: { values: view.state },
    hash: view.hash,
    root_view_id: view.parent ?? view.id,
    previous_view_id: view.parent ?? null,
  };
}
