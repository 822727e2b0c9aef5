import { SlackFailure } from './slack-failure.ts';
import type { Json } from './slack-types.ts';
import type { World } from './world.ts';

/** What a method is called with. */
export interface Call {
  args: Json;
  world: World;
  /** What the token may do. */
  scopes: readonly string[];
  /** Where this server is reached, without a slash at the end. */
  origin: string;
  hooks: Hooks;
}

/** What methods set off beyond the store. */
export interface Hooks {
  /** Runs `task` after the call was answered, as Slack does with what takes long. */
  later(task: () => void): void;
  /** An event for the app, where it is subscribed to it. */
  event(event: Json): void;
  openSocketUrl(): string;
}

export interface Method {
  /** One that is needed whatever the arguments are. */
  scope?: string;
  token?: 'app';
  run(call: Call): Json;
}

export type Methods = Record<string, Method>;

/** Refuses as Slack does: with what is needed and what the token has. */
export function requireScope(scopes: readonly string[], needed: string): void {
  if (!scopes.includes(needed)) {
    throw new SlackFailure('missing_scope', { needed, provided: scopes.join(',') });
  }
}

export function textArg(args: Json, name: string): string | undefined {
  const value = args[name];
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
}

export function neededArg(args: Json, name: string, code = 'invalid_arguments'): string {
  const value = textArg(args, name);
  if (value === undefined) {
    throw new SlackFailure(code, { response_metadata: { messages: [`[ERROR] missing required field: ${name}`] } });
  }
  return value;
}

export const flagArg = (args: Json, name: string): boolean =>
  args[name] === true || args[name] === 'true' || args[name] === '1';

/** An argument that a form carries as JSON text and a JSON body carries as it is. */
export function jsonArg(args: Json, name: string, code: string): unknown {
  const value = args[name];
  if (typeof value !== 'string') return value;
  if (value === '') return undefined;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    throw new SlackFailure(code);
  }
}
