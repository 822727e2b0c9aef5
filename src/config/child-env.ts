import * as z from 'zod';

import { holdsSecret, isSecretName } from '../model/secret.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What every child gets where it is set: enough to find programs, the home folder and the language. */
const basicVariables = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ'] as const;

/** For a service manager that sets no PATH at all. */
const plainPath = '/usr/local/bin:/usr/bin:/bin';

/** A Claude Code that finds one of these takes itself for a nested session and refuses to start. */
const nestedSession = /^CLAUDECODE$|^CLAUDE_CODE_CHILD_SESSION$/;

/** The bot's own: with one of these a prompt could speak as the bot. */
const botsOwn = /^NIGHTDESK_|^SLACK_(?:BOT_TOKEN|APP_TOKEN|SIGNING_SECRET)$|^DISCORD_(?:BOT_)?TOKEN$/;

const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;
const reference = /\$\$\{|\$\{([^}]*)(\}?)/g;

export const notSet = ' is not set in the environment of nightdesk';

/** The variable that a fault of `claude.env` says is not set. */
export const missingVariable = (said: string): string | undefined =>
  said.endsWith(notSet) ? said.slice(0, -notSet.length) : undefined;

/** For editors: what zod can't tell of a shape that is read by hand. */
const name = { type: 'string', pattern: variableName.source };
const values = {
  type: 'object',
  propertyNames: name,
  additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
};
const jsonShape = { anyOf: [{ type: 'array', items: { anyOf: [name, values] } }, values, name, { type: 'null' }] };

interface Entry {
  at: (string | number)[];
  name: unknown;
  /** `undefined` or `null`: the variable's own value in the environment. */
  value?: unknown;
}

/**
 * `claude.env` with the basics, resolved to the complete environment of a child. Takes a list of names, a map from names
 * to values, or a list of both. In a value `${NAME}` is replaced from the environment, and `$${` is a plain `${`.
 */
export function childEnv(env: Environment) {
  return z
    .unknown()
    .transform((given, context) => {
      const fault = (at: Entry['at'], said: string) => {
        const params = { isComplete: true, ...(said.endsWith(notSet) && { allowed: 'a variable that is set there' }) };
        context.addIssue({ code: 'custom', path: at, message: said, params });
      };
      const child: Record<string, string> = basics(env);
      for (const entry of entriesOf(given, [])) {
        const { name, text, problems } = readEntry(entry, env);
        if (problems.length === 0) child[name] = text;
        for (const said of problems) fault(entry.at, said);
      }
      return child;
    })
    .prefault([])
    .meta({
      description: 'a list of names such as [ANTHROPIC_API_KEY], or a map from NAME to a text that may hold ${NAME}',
      ...jsonShape,
    });
}

function basics(env: Environment): Record<string, string> {
  const set = basicVariables.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  return { PATH: plainPath, ...Object.fromEntries(set) };
}

function entriesOf(given: unknown, at: Entry['at']): Entry[] {
  if (given === undefined || given === null) return [];
  if (Array.isArray(given)) {
    return given.flatMap((item: unknown, index) =>
      isMap(item) ? entriesOf(item, [...at, index]) : [{ at: [...at, index], name: item }],
    );
  }
  if (isMap(given)) return Object.entries(given).map(([name, value]) => ({ at: [...at, name], name, value }));
  return [{ at, name: given }];
}

const isMap = (given: unknown): given is Record<string, unknown> =>
  typeof given === 'object' && given !== null && !Array.isArray(given);

function readEntry({ name, value }: Entry, env: Environment): { name: string; text: string; problems: string[] } {
  if (typeof name !== 'string') return { name: '', text: '', problems: ['given something else than a name'] };
  const problem = nameProblem(name);
  return problem === undefined ? { name, ...readValue(name, value, env) } : { name, text: '', problems: [problem] };
}

function nameProblem(name: string): string | undefined {
  if (name.includes('=')) return 'given NAME=value; a value stands behind a colon, as in NAME: value';
  if (holdsSecret(name)) return 'a secret is written here (not shown)';
  if (!variableName.test(name)) return `given "${name}", no name of a variable`;
  if (nestedSession.test(name)) return `${name} is never passed on: Claude Code would refuse to start`;
  if (botsOwn.test(name)) return `${name} is never passed on: it is nightdesk's own`;
  return undefined;
}

function readValue(name: string, value: unknown, env: Environment): { text: string; problems: string[] } {
  if (value === undefined || value === null) {
    return env[name] ? { text: env[name], problems: [] } : { text: '', problems: [name + notSet] };
  }
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    return { text: '', problems: ['given a list or a map as the value'] };
  }
  const template = String(value);
  const problems: string[] = [];
  const text = template.replace(reference, (whole, inner: string | undefined, end: string | undefined) => {
    if (inner === undefined) return '${';
    const problem =
      end === '' || !variableName.test(inner) ? 'has a ${ that is no ${NAME}' : referenceProblem(inner, env);
    if (problem !== undefined) problems.push(problem);
    return env[inner] ?? whole;
  });
  // A value of the shape of a secret is a fault already, wherever it stands in the file.
  if (template !== '' && isSecretName(name) && !template.includes('${') && !holdsSecret(template)) {
    problems.push(`a secret is written here (not shown): write ${name}: \${${name}}`);
  }
  return { text, problems };
}

function referenceProblem(name: string, env: Environment): string | undefined {
  return nameProblem(name) ?? (env[name] ? undefined : name + notSet);
}
