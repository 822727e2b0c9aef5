import {
  ButtonStyle,
  ComponentType,
  TextInputStyle,
  type APIModalInteractionResponseCallbackData,
  type APIModalSubmitInteraction,
} from 'discord.js';

import { cut } from '../../model/grammar/mistake.ts';
import { buttonId } from '../button-id.ts';
import { inlineCode } from './escape.ts';
import type { Row } from './components.ts';

const noteId = 'nd:note:';

/** Asks what Claude should know this time. */
export const noteModal = (target: string): APIModalInteractionResponseCallbackData => ({
  custom_id: `${noteId}${target}`,
  title: cut(`Retry ${target}`, 45),
  components: [
    {
      type: ComponentType.Label,
      label: 'Note',
      description: 'What Claude should know this time. It also learns what went wrong.',
      component: {
        type: ComponentType.TextInput,
        custom_id: 'note',
        style: TextInputStyle.Paragraph,
        required: false,
        max_length: 4_000,
      },
    },
  ],
});

/** The run that such a modal is about. */
export const noteTarget = (customId: string): string | undefined =>
  customId.startsWith(noteId) ? customId.slice(noteId.length) : undefined;

/** Asks once whether a deletion is meant. */
export function deleteQuestion(target: string): { content: string; components: Row[] } {
  return {
    content: `Delete ${inlineCode(target)} for good?`,
    components: [
      {
        type: ComponentType.ActionRow,
        components: [
          {
            type: ComponentType.Button,
            style: ButtonStyle.Danger,
            label: 'Delete',
            custom_id: buttonId({ kind: 'delete-confirmed', target }),
          },
        ],
      },
    ],
  };
}

/** What stands in the inputs of a modal, in labels or in rows as they were before. */
export function readInputs({ data }: Pick<APIModalSubmitInteraction, 'data'>): Map<string, string> {
  const fields = data.components.flatMap((top) =>
    'component' in top ? [top.component] : 'components' in top ? top.components : [],
  );
  return new Map(
    fields.flatMap((field): [string, string][] => {
      if ('value' in field && typeof field.value === 'string') return [[field.custom_id, field.value]];
      return 'values' in field ? [[field.custom_id, field.values[0] ?? '']] : [];
    }),
  );
}
