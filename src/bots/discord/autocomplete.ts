import type { APIApplicationCommandAutocompleteInteraction } from 'discord.js';

import { findSubcommand } from '../../model/grammar/subcommands.ts';
import type { Actor, ChatHandlers, Suggestion } from '../chat.ts';
import { wordsForMany } from './command-options.ts';
import type { TypedOption } from './read-command.ts';

/** What Discord shows of suggestions. */
const limits = { choices: 25, name: 100 };

/** What is suggested for the option that is being typed. */
export async function suggestFor(
  { data }: Pick<APIApplicationCommandAutocompleteInteraction, 'data'>,
  actor: Actor,
  handlers: Pick<ChatHandlers, 'suggest'>,
): Promise<{ name: string; value: string }[]> {
  const options: readonly TypedOption[] = data.options;
  const [sub] = options;
  const nested = sub !== undefined && 'options' in sub ? (sub.options ?? []) : [];
  const focused = nested.find((option) => 'focused' in option && option.focused);
  if (sub === undefined || focused === undefined || !('value' in focused)) return [];
  const typed = String(focused.value).trim();
  const found = await find(focused.name, typed, actor, handlers);
  const words = wordsOf(sub.name).filter((word) => word.startsWith(typed.toLowerCase()));
  return [...words.map((word) => ({ value: word, label: word })), ...found]
    .slice(0, limits.choices)
    .flatMap(({ value, label }) => (value.length > limits.name ? [] : [{ name: label.slice(0, limits.name), value }]));
}

function wordsOf(name: string): readonly string[] {
  const subcommand = findSubcommand(name);
  return (subcommand === undefined ? undefined : wordsForMany[subcommand]) ?? [];
}

async function find(
  option: string,
  typed: string,
  actor: Actor,
  { suggest }: Pick<ChatHandlers, 'suggest'>,
): Promise<Suggestion[]> {
  if (option === 'project' || option === 'job') return suggest(option, typed, actor);
  if (option !== 'run') return [];
  // A job stands for its latest run.
  const [runs, jobs] = await Promise.all([suggest('run', typed, actor), suggest('job', typed, actor)]);
  const shownJobs = jobs.slice(0, Math.max(limits.choices - runs.length, 5));
  return [...runs.slice(0, limits.choices - shownJobs.length), ...shownJobs];
}
