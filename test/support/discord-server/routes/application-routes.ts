import { apiFault } from '../api-fault.ts';
import { asJson, noContent, ok, type Answer, type Call, type Route } from '../call.ts';
import { checkCommand } from '../rules/check-command.ts';
import { createProblems } from '../rules/problems.ts';
import { isJson, listOf, type Json } from '../rules/read-json.ts';
import { viewUser } from '../views.ts';
import type { Command, World } from '../world.ts';

const global = '/applications/:application/commands';
const local = '/applications/:application/guilds/:guild/commands';

export const applicationRoutes: Route[] = [
  { method: 'GET', path: '/applications/@me', handle: application },
  { method: 'GET', path: '/oauth2/applications/@me', handle: application },
  ...[global, local].flatMap((path): Route[] => [
    { method: 'GET', path, handle: (call) => ok(commandsOf(call)) },
    { method: 'PUT', path, handle: replaceAll },
    { method: 'POST', path, handle: add },
    { method: 'GET', path: `${path}/:command`, handle: (call) => ok(commandOf(call)) },
    { method: 'PATCH', path: `${path}/:command`, handle: patch },
    { method: 'DELETE', path: `${path}/:command`, handle: remove },
  ]),
];

function application({ world }: Call): Answer {
  return ok({
    ...world.application,
    icon: null,
    description: '',
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    team: null,
    summary: '',
    bot: viewUser(world.bot),
    approximate_guild_count: world.guilds.size,
    integration_types_config: { 0: {} },
  });
}

function commandsOf({ world, params }: Call): Command[] {
  if (params['application'] !== world.application.id) throw apiFault('unknownApplication');
  const { guild } = params;
  if (guild !== undefined && !world.guilds.get(guild)?.members.has(world.bot.id)) throw apiFault('missingAccess');
  const scope = guild ?? 'global';
  const list = world.commands.get(scope) ?? [];
  world.commands.set(scope, list);
  return list;
}

function commandOf(call: Call): Command {
  const command = commandsOf(call).find(({ id }) => id === call.params['command']);
  if (!command) throw apiFault('unknownCommand');
  return command;
}

/** One of the same name keeps its id, and its version where nothing has changed. */
function replaceAll(call: Call): Answer {
  const old = commandsOf(call);
  const given = listOf(call.json).map(asJson);
  const problems = createProblems();
  for (const [index, command] of given.entries()) checkCommand(command, [index], problems);
  if (given.length > 100) problems.add([], 'BASE_TYPE_BAD_LENGTH', 'Must be between 0 and 100 in length.');
  const names = given.map(({ name }) => name);
  if (new Set(names).size < names.length)
    problems.add([], 'APPLICATION_COMMANDS_DUPLICATE_NAME', 'Command names must be unique');
  problems.refuse();
  const next = given.map((command) =>
    build(
      call,
      command,
      old.find(({ name }) => name === command['name']),
    ),
  );
  old.splice(0, old.length, ...next);
  return ok(next);
}

/** A POST of a name that is there replaces it. */
function add(call: Call): Answer {
  const list = commandsOf(call);
  check(call.body);
  const old = list.find(({ name }) => name === call.body['name']);
  const next = build(call, call.body, old);
  if (old) list.splice(list.indexOf(old), 1, next);
  else list.push(next);
  return { status: old ? 200 : 201, body: next };
}

function patch(call: Call): Answer {
  const list = commandsOf(call);
  const old = commandOf(call);
  const merged = { ...old, ...call.body };
  check(merged);
  const next = build(call, merged, old);
  list.splice(list.indexOf(old), 1, next);
  return ok(next);
}

function remove(call: Call): Answer {
  const list = commandsOf(call);
  list.splice(list.indexOf(commandOf(call)), 1);
  return noContent;
}

function check(command: Json): void {
  const problems = createProblems();
  checkCommand(command, [], problems);
  problems.refuse();
}

function build({ world, params }: Call, given: Json, old: Command | undefined): Command {
  const { guild } = params;
  const command = {
    type: 1,
    default_member_permissions: null,
    nsfw: false,
    name_localizations: null,
    description_localizations: null,
    ...(guild === undefined && { contexts: null, integration_types: [0] }),
    ...withoutEmpty(given),
    application_id: world.application.id,
    ...(guild !== undefined && { guild_id: guild }),
    name: String(given['name']),
  };
  const { id: _id, version: _version, ...before } = old ?? { id: '', version: '' };
  const isSame = old !== undefined && JSON.stringify(sorted(before)) === JSON.stringify(sorted(command));
  return { ...command, id: old?.id ?? world.newId(), version: isSame ? old.version : world.newId() };
}

/** Discord leaves out of its answers what is false or empty in options. */
function withoutEmpty({ id: _id, version: _version, ...given }: Json): Json {
  if (!Array.isArray(given['options'])) return given;
  return { ...given, options: given['options'].filter(isJson).map(tidyOption) };
}

function tidyOption(option: Json): Json {
  const kept = Object.entries(option).filter(([, value]) => value !== undefined && value !== null && value !== false);
  const tidy: Json = Object.fromEntries(kept);
  if (Array.isArray(tidy['options'])) tidy['options'] = tidy['options'].filter(isJson).map(tidyOption);
  return tidy;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJson(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

/** What a person can type where they are: the guild's own before the global ones. */
export function findCommand(world: World, guildId: string | undefined, name: string): Command | undefined {
  const lists = [guildId === undefined ? undefined : world.commands.get(guildId), world.commands.get('global')];
  return lists.flatMap((list) => list ?? []).find((command) => command.name === name);
}
