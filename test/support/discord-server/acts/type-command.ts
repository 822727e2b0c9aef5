import { interactionKinds } from '../interaction.ts';
import { findCommand } from '../routes/application-routes.ts';
import { isJson, listOf, type Json } from '../rules/read-json.ts';
import { viewInteractionMember, viewUser } from '../views.ts';
import type { Channel, Command, User } from '../world.ts';
import { interact, type Shown, type Stage } from './interact.ts';

export type OptionValues = Record<string, string | number | boolean>;

interface Typed {
  user: User;
  channel: Channel;
  /** `claude schedule` */
  words: string;
  options: OptionValues;
}

/** A slash command, as far as Discord's composer lets people send one. */
export async function typeCommand(stage: Stage, typed: Typed): Promise<Shown> {
  const { command, path, defined } = find(stage, typed);
  const values = Object.entries(typed.options).map(([name, value]) => optionOf(defined, name, value));
  const missing = defined.find(({ name, required }) => required === true && !(String(name) in typed.options));
  if (missing) throw new Error(`Discord asks for the option ${String(missing['name'])} of /${typed.words}`);
  return await send(stage, typed, interactionKinds.command, command, path, values);
}

/** What is suggested for the option `focused` while it is typed. */
export async function typeOption(stage: Stage, typed: Typed, focused: string): Promise<Shown> {
  const { command, path, defined } = find(stage, typed);
  const option = defined.find(({ name }) => name === focused);
  if (option?.['autocomplete'] !== true) throw new Error(`/${typed.words} has no autocompletion for ${focused}`);
  const values = Object.entries(typed.options).map(([name, value]) => {
    const type = defined.find((one) => one['name'] === name)?.['type'];
    return { name, type, value, ...(name === focused && { focused: true }) };
  });
  if (!(focused in typed.options)) values.push({ name: focused, type: option['type'], value: '', focused: true });
  return await send(stage, typed, interactionKinds.autocomplete, command, path, values);
}

function find({ world }: Stage, { words, channel }: Typed) {
  const [name = '', ...path] = words.split(' ');
  const command = findCommand(world, channel.guildId, name);
  if (!command) throw new Error(`there is no command /${name} here`);
  let defined = optionsOf(command);
  for (const word of path) {
    const found = defined.find((option) => option['name'] === word && Number(option['type']) <= 2);
    if (!found) throw new Error(`/${words}: there is no ${word}`);
    defined = optionsOf(found);
  }
  if (defined.some(({ type }) => Number(type) <= 2)) throw new Error(`/${words} needs a subcommand`);
  return { command, path, defined };
}

const optionsOf = (part: Json): Json[] => listOf(part['options']).filter(isJson);

const jsonTypes: Record<number, string> = { 3: 'string', 4: 'number', 5: 'boolean', 6: 'string', 10: 'number' };

function optionOf(defined: Json[], name: string, value: string | number | boolean): Json {
  const option = defined.find((one) => one['name'] === name);
  if (!option) throw new Error(`there is no option ${name}`);
  const refuse = (why: string) => {
    throw new Error(`Discord doesn't let people send ${name}: ${why}`);
  };
  const type = Number(option['type']);
  if (typeof value !== jsonTypes[type]) refuse(`it is no ${jsonTypes[type] ?? `type ${type}`}`);
  const length = typeof value === 'string' ? value.length : 0;
  if (length > Number(option['max_length'] ?? 6000)) refuse('it is too long');
  if (length < Number(option['min_length'] ?? 0)) refuse('it is too short');
  if (typeof value === 'number' && value > Number(option['max_value'] ?? Infinity)) refuse('it is too large');
  if (typeof value === 'number' && value < Number(option['min_value'] ?? -Infinity)) refuse('it is too small');
  if (type === 4 && !Number.isInteger(value)) refuse('it is no whole number');
  const choices = listOf(option['choices']).filter(isJson);
  if (choices.length > 0 && !choices.some((choice) => choice['value'] === value)) refuse('it is none of the choices');
  return { name, type, value };
}

async function send(
  stage: Stage,
  { user, channel, words }: Typed,
  kind: 2 | 4,
  command: Command,
  path: string[],
  values: Json[],
): Promise<Shown> {
  const nested = path.reduceRight<Json[]>(
    (options, name, index) => [{ name, type: path.length === 2 && index === 0 ? 2 : 1, options }],
    values,
  );
  const resolved = resolve(stage, channel, values);
  const data = {
    id: command.id,
    name: command.name,
    type: 1,
    ...(typeof command['guild_id'] === 'string' && { guild_id: command['guild_id'] }),
    ...(nested.length > 0 && { options: nested }),
    ...(resolved && { resolved }),
  };
  return await interact(stage, { kind, user, channel, name: words }, data);
}

/** The people whom options name by their ids. */
function resolve({ world }: Stage, { guildId }: Channel, values: Json[]): Json | undefined {
  const named = values.filter(({ type }) => type === 6).flatMap(({ value }) => world.users.get(String(value)) ?? []);
  if (named.length === 0) return undefined;
  const guild = guildId === undefined ? undefined : world.guilds.get(guildId);
  const members = named.flatMap(({ id }) => {
    const member = guild?.members.get(id);
    if (!guild || !member) return [];
    const { user: _user, ...partial } = viewInteractionMember(guild, member);
    return [[id, partial] as const];
  });
  return {
    users: Object.fromEntries(named.map((user) => [user.id, viewUser(user)])),
    members: Object.fromEntries(members),
  };
}
