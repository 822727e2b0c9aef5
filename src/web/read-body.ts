import type { Context } from 'hono';
import type * as z from 'zod';

import { HttpProblem } from './http-problem.ts';

/** Reads a JSON body by `schema`. Throws an `HttpProblem` 415 for another type, and 400 that names each fault. */
export async function readBody<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new HttpProblem(415, 'The body must be application/json.');
  return check(parseJson(await readText(c)), schema, 'body');
}

async function readText(c: Context): Promise<string> {
  try {
    return await c.req.text();
  } catch (error) {
    // Who sends half of it and goes away is no fault of ours.
    if (c.req.raw.signal.aborted) throw new HttpProblem(400, 'The body did not arrive whole.');
    throw error;
  }
}

/** Reads the query by `schema`, which gets strings. Throws an `HttpProblem` 400. */
export const readQuery = <T>(c: Context, schema: z.ZodType<T>): T => check(c.req.query(), schema, 'query');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpProblem(400, 'The body is not JSON.');
  }
}

function check<T>(value: unknown, schema: z.ZodType<T>, where: string): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const issues = error.issues.map(({ path, message }) => ({ at: [where, ...path].join('.'), message }));
  throw new HttpProblem(400, issues.map(({ at, message }) => `${at}: ${message}`).join('; '), { issues });
}
