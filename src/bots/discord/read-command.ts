import {
  ApplicationCommandOptionType,
  type APIApplicationCommandInteractionDataOption,
  type InteractionType,
} from 'discord.js';

import type { Command } from '../../model/command.ts';
import { editFlagNames, flagNames, type FlagName } from '../../model/grammar/flag-rules.ts';
import { quoteValue } from '../../model/grammar/quote-value.ts';
import type { FormFields } from '../../model/job-form.ts';
import type { FormSource } from '../chat.ts';
import { splitChecks } from '../check-lines.ts';
import { personRef } from './actor.ts';
import { optionOfFlag } from './command-options.ts';

export type TypedOption = APIApplicationCommandInteractionDataOption<
  InteractionType.ApplicationCommand | InteractionType.ApplicationCommandAutocomplete
>;

/** What a slash command asks for, in the way that keeps every option exactly as it was typed. */
export type Asked =
  | { kind: 'open'; source: FormSource }
  | { kind: 'form'; fields: FormFields }
  | { kind: 'command'; command: Command }
  | { kind: 'text'; text: string };

/** The subcommand and the text of each option. */
export function readOptions(options: readonly TypedOption[] = []): { name: string; options: Map<string, string> } {
  const sub = options.find(({ type }) => type === ApplicationCommandOptionType.Subcommand);
  const nested = sub !== undefined && 'options' in sub ? (sub.options ?? []) : [];
  const texts = nested.flatMap((option): [string, string][] => {
    const text = 'value' in option ? String(option.value).trim() : '';
    if (text === '') return [];
    return [[option.name, option.type === ApplicationCommandOptionType.User ? personRef(text) : text]];
  });
  return { name: sub?.name ?? '', options: new Map(texts) };
}

/** Reads `/claude <name>` with its options. */
export function readCommand(name: string, options: ReadonlyMap<string, string>): Asked {
  const target = options.get('job') ?? options.get('run') ?? '';
  switch (name) {
    case 'schedule': {
      const fields = fieldsOf(options);
      return options.has('goal') ? { kind: 'form', fields } : { kind: 'open', source: { fields } };
    }
    case 'edit': {
      const flags = editFlagNames.flatMap((flag) => asFlags(flag, options));
      if (flags.length === 0) return { kind: 'open', source: { job: target } };
      return { kind: 'text', text: ['edit', target, ...flags].join(' ') };
    }
    case 'retry': {
      const note = options.get('note');
      // A note may hold whatever would be a flag in a text.
      return { kind: 'command', command: { name: 'retry', target, ...(note === undefined ? {} : { note }) } };
    }
    case 'pause': {
      const ends = ['until', 'for'].flatMap((word) => (options.has(word) ? [word, options.get(word)] : []));
      return { kind: 'text', text: ['pause', target, ...ends].join(' ') };
    }
    default:
      return { kind: 'text', text: [name, ...options.values()].join(' ') };
  }
}

function fieldsOf(options: ReadonlyMap<string, string>): FormFields {
  const fields: FormFields = {};
  for (const field of ['goal', ...flagNames] as const) {
    const value = options.get(optionOfFlag(field));
    if (value === undefined) continue;
    if (field === 'accept') fields.accept = splitChecks(value);
    else fields[field] = value;
  }
  return fields;
}

function asFlags(flag: FlagName, options: ReadonlyMap<string, string>): string[] {
  const value = options.get(optionOfFlag(flag));
  if (value === undefined) return [];
  const values = flag.endsWith('accept') ? splitChecks(value) : [value];
  return values.map((each) => `--${flag} ${quoteValue(each)}`);
}
