import { isDeepStrictEqual } from 'node:util';

import type { CommandDefinition } from './define-command.ts';

type Json = Record<string, unknown>;

/**
 * Whether Discord has the command as we define it. What Discord adds (ids, versions, localizations that nobody gave) and what
 * it leaves out because it is the default make no difference. `contexts` and `integration_types` are for global commands alone.
 */
export function isSameDefinition(ours: CommandDefinition, theirs: object, scope: 'global' | 'guild'): boolean {
  return isDeepStrictEqual(normalCommand({ ...ours }, scope), normalCommand({ ...theirs }, scope));
}

function normalCommand(command: Json, scope: 'global' | 'guild'): Json {
  const places =
    scope === 'guild' ? {} : { contexts: sorted(command['contexts']), installs: sorted(command['integration_types']) };
  return { type: command['type'] ?? 1, ...normalOption({ ...command, type: 1 }), ...places };
}

function normalOption(option: Json): Json {
  const { type, name, description } = option;
  const limits = ['min_value', 'max_value', 'min_length', 'max_length'].map((key) => option[key] ?? null);
  return {
    type,
    name,
    description,
    limits,
    isRequired: option['required'] ?? false,
    isSuggested: option['autocomplete'] ?? false,
    choices: list(option['choices']).map((choice) => [choice['name'], choice['value']]),
    options: list(option['options']).map(normalOption),
  };
}

const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const sorted = (value: unknown): string[] | null => (Array.isArray(value) ? value.map(String).sort() : null);
