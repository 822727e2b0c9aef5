import { interactionKinds, isEphemeral } from '../interaction.ts';
import { isJson, listOf, type Json } from '../rules/read-json.ts';
import type { Channel, Message, User } from '../world.ts';
import { interact, type Shown, type Stage } from './interact.ts';

/** Presses the button with this label or custom id. Throws where Discord shows none that can be pressed. */
export async function pressButton(
  stage: Stage,
  user: User,
  channel: Channel,
  source: Message,
  which: string,
): Promise<Shown> {
  refuseHidden(channel, source);
  const button = componentsOf(source).find(
    ({ type, label, custom_id }) => type === 2 && (label === which || custom_id === which),
  );
  if (!button) throw new Error(`the message has no button ${which}: ${JSON.stringify(source.components)}`);
  if (button['disabled'] === true) throw new Error(`the button ${which} can't be pressed`);
  const data = { component_type: 2, custom_id: button['custom_id'], id: button['id'] };
  return await interact(stage, { kind: interactionKinds.component, user, channel, source }, data);
}

/** Chooses values of the select with this custom id, or of the only one. */
export async function choose(
  stage: Stage,
  user: User,
  channel: Channel,
  source: Message,
  values: string[],
  customId?: string,
): Promise<Shown> {
  refuseHidden(channel, source);
  const select = componentsOf(source).find(
    ({ type, custom_id }) => type !== 2 && (customId === undefined || custom_id === customId),
  );
  if (!select) throw new Error('the message has no such select');
  const offered = listOf(select['options'])
    .filter(isJson)
    .map(({ value }) => value);
  const wrong = values.find((value) => select['type'] === 3 && !offered.includes(value));
  if (wrong !== undefined) throw new Error(`the select does not offer ${wrong}`);
  const data = { component_type: select['type'], custom_id: select['custom_id'], id: select['id'], values };
  return await interact(stage, { kind: interactionKinds.component, user, channel, source }, data);
}

function refuseHidden(channel: Channel, message: Message): void {
  if (!isEphemeral(message) && !channel.messages.has(message.id)) throw new Error('the message is not there any more');
}

const componentsOf = ({ components }: Message): Json[] =>
  components.flatMap((row) => listOf(row['components']).filter(isJson));
