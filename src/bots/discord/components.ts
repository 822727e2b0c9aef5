import {
  ButtonStyle,
  ComponentType,
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInMessageActionRow,
} from 'discord.js';

import { actionLabels, type Action, type ActionKind, type Message } from '../../model/message.ts';
import { buttonId } from '../button-id.ts';

export type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

const maxRows = 5;
const maxButtons = 5;
const maxOptions = 25;

const styles: Partial<Record<ActionKind, APIButtonComponentWithCustomId['style']>> = {
  retry: ButtonStyle.Primary,
  run: ButtonStyle.Primary,
  cancel: ButtonStyle.Danger,
  delete: ButtonStyle.Danger,
};

const selectId = 'nd:show:';

/** Whether a select menu is one of ours for jobs (or runs): its value is what `show` would name. */
export const isShowSelect = (customId: string): boolean => customId.startsWith(selectId);

/**
 * Buttons under a message. Discord has them all below the text, so that those of several jobs would not say whose they are:
 * a list has a menu of its jobs, and the one that is chosen is shown with its own buttons.
 */
export function renderComponents(message: Message): Row[] {
  const groups = message.flatMap((block) =>
    block.kind === 'actions' && block.actions.length > 0 ? [block.actions] : [],
  );
  const [only] = groups;
  if (only === undefined) return [];
  if (groups.length === 1) return inRows(only.map(toButton), maxButtons).slice(0, maxRows);
  const targets = [...new Set(groups.flat().map(({ target }) => target))];
  return chunk(targets, maxOptions)
    .slice(0, maxRows)
    .map((each, index) => toSelect(each, index));
}

/** The button that opens the form of a draft. */
export const fixItRow = (draft: number): Row => ({
  type: ComponentType.ActionRow,
  components: [
    {
      type: ComponentType.Button,
      style: ButtonStyle.Primary,
      label: 'Fix it',
      custom_id: buttonId({ kind: 'fix-it', target: String(draft) }),
    },
  ],
});

const toButton = ({ kind, target }: Action): APIButtonComponentWithCustomId => ({
  type: ComponentType.Button,
  style: styles[kind] ?? ButtonStyle.Secondary,
  label: actionLabels[kind],
  custom_id: buttonId({ kind, target }),
});

const toSelect = (targets: string[], index: number): Row => ({
  type: ComponentType.ActionRow,
  components: [
    {
      type: ComponentType.StringSelect,
      custom_id: `${selectId}${index}`,
      placeholder: index === 0 ? 'Show a job with its buttons' : 'More jobs',
      options: targets.map((target) => ({ label: target.slice(0, 100), value: target.slice(0, 100) })),
    },
  ],
});

const inRows = (components: APIButtonComponentWithCustomId[], size: number): Row[] =>
  chunk(components, size).map((each) => ({ type: ComponentType.ActionRow, components: each }));

const chunk = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
