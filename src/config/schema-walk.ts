import type * as z from 'zod';

import type { KeyPath } from './fault.ts';

/** The parts of zod's own definitions that hold other schemas. */
interface Definition {
  type: string;
  shape?: Record<string, z.ZodType>;
  keyType?: z.ZodType;
  valueType?: z.ZodType;
  element?: z.ZodType;
  innerType?: z.ZodType;
  in?: z.ZodType;
  out?: z.ZodType;
}

const definitionOf = (schema: z.ZodType): Definition => schema.def;

/** The schema and what it wraps, from the outside in: defaults, optional ones, transformed ones. */
function layersOf(schema: z.ZodType): z.ZodType[] {
  const { innerType, in: input, out } = definitionOf(schema);
  const next = innerType ?? (input && definitionOf(input).type === 'transform' ? out : input);
  return next ? [schema, ...layersOf(next)] : [schema];
}

const descriptionOf = (schema: z.ZodType): string | undefined =>
  layersOf(schema).find((layer) => layer.description !== undefined)?.description;

function child(schema: z.ZodType, part: string | number): z.ZodType | undefined {
  const definition = definitionOf(layersOf(schema).at(-1) ?? schema);
  return definition.shape?.[part] ?? definition.valueType ?? definition.element;
}

/** What is allowed at a key, by the description of its schema or of the nearest one around it. */
export function allowedAt(schema: z.ZodType, path: KeyPath, isName: boolean): string {
  let at: z.ZodType | undefined = schema;
  let allowed = descriptionOf(schema) ?? '';
  for (const [index, part] of path.entries()) {
    const keyType: z.ZodType | undefined = at && definitionOf(layersOf(at).at(-1) ?? at).keyType;
    const isLast = index === path.length - 1;
    at = isLast && isName ? keyType : at && child(at, part);
    if (!at) break;
    allowed = descriptionOf(at) ?? allowed;
  }
  return allowed;
}

/** The keys that a map at `path` may have; none where any name goes. */
export function keysAt(schema: z.ZodType, path: KeyPath): string[] {
  const at = path.reduce<z.ZodType | undefined>((at, part) => at && child(at, part), schema);
  return at ? Object.keys(definitionOf(layersOf(at).at(-1) ?? at).shape ?? {}) : [];
}
