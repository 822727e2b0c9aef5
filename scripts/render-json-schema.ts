import * as z from 'zod';

import { configSchema } from '../src/config/schema.ts';

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** Stands for any project's name, where the schema of one configuration has the names that are in it. */
const anyProject = 'any-project';
const projectName = '^[a-zA-Z0-9][a-zA-Z0-9._-]{0,39}$';

/**
 * The shape of nightdesk.yaml as a JSON schema, for editors. What no single value can show (a project that must exist) and
 * what is no matter of shape (a zone, a duration) only nightdesk itself can say. `document` is docs/configuration.md: each
 * key's meaning is taken from its tables.
 */
export function renderJsonSchema(document: string): string {
  const schema = configSchema({ projects: [anyProject], people: [], env: {} });
  const rendered: JsonSchema = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', override: adjust });
  describe(rendered, [], meaningsIn(document));
  Object.assign(rendered.properties?.['projects'] as JsonSchema, { minProperties: 1, default: undefined });
  return `${JSON.stringify({ ...rendered, title: 'nightdesk.yaml', required: ['projects'] }, null, 2)}\n`;
}

function adjust({ zodSchema, jsonSchema }: { zodSchema: unknown; jsonSchema: JsonSchema }): void {
  const schema = zodSchema as z.ZodType;
  const def = schema.def as { type: string; shape?: Record<string, z.ZodType>; entries?: object };
  if (def.entries !== undefined && Object.hasOwn(def.entries, anyProject)) nameAnyProject(jsonSchema);
  if (def.shape !== undefined) adjustObject(def.shape, jsonSchema);
  if (def.type === 'pipe') allowEmptySection(schema, jsonSchema);
}

function nameAnyProject(jsonSchema: JsonSchema): void {
  delete jsonSchema.enum;
  jsonSchema.pattern = projectName;
}

/** zod takes a section for a key that must be there, since what fills it in runs before it. */
function adjustObject(shape: Record<string, z.ZodType>, jsonSchema: JsonSchema): void {
  const required = Object.keys(shape).filter((key) => shape[key]?.safeParse(undefined).success === false);
  delete jsonSchema.required;
  if (required.length > 0) jsonSchema.required = required;
  const { [anyProject]: ofProject, ...properties } = jsonSchema.properties ?? {};
  if (ofProject !== undefined) Object.assign(jsonSchema, { properties, additionalProperties: ofProject });
}

/** A key with nothing behind it is a section with its defaults, where none of its keys is required. */
function allowEmptySection(schema: z.ZodType, jsonSchema: JsonSchema): void {
  if (jsonSchema.type !== 'object' || !schema.safeParse(null).success) return;
  Object.assign(jsonSchema, { type: ['object', 'null'] });
}

/** By key, as the tables have it: `projects.<name>.path`. */
function meaningsIn(document: string): Map<string, string> {
  const rows = document.matchAll(/^\| `([^`]+)` \| (.+?) \| .+? \| (.+) \|$/gm);
  return new Map(
    [...rows].map(([, key = '', allowed = '', meaning = '']) => [key, `${withoutLinks(meaning)}\n\n${allowed}`]),
  );
}

const withoutLinks = (text: string): string => text.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1');

const anyName: Record<string, string> = { projects: '<name>', channels: '<channel>', access: '<project>' };

function describe(schema: JsonSchema, path: string[], meanings: Map<string, string>): void {
  const meaning = meanings.get(path.join('.'));
  if (meaning !== undefined) schema.description = meaning;
  else if (schema.properties !== undefined) delete schema.description;
  for (const [key, value] of Object.entries(schema.properties ?? {}))
    describe(value as JsonSchema, [...path, key], meanings);
  const other = anyName[path[0] ?? ''];
  if (typeof schema.additionalProperties === 'object' && path.length === 1 && other !== undefined)
    describe(schema.additionalProperties, [...path, other], meanings);
}
