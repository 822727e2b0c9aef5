import type { Tokens } from './claude-line.ts';
import { fieldsOf, numberOf } from './json-fields.ts';

/** `usage` of a message of the API. */
export function readUsage(value: unknown): Tokens {
  const usage = fieldsOf(value);
  return {
    input: numberOf(usage['input_tokens']) ?? 0,
    output: numberOf(usage['output_tokens']) ?? 0,
    cacheRead: numberOf(usage['cache_read_input_tokens']) ?? 0,
    cacheWrite: numberOf(usage['cache_creation_input_tokens']) ?? 0,
  };
}

/** `modelUsage` of a `result` line: by model, here summed up. `null` where there is none. */
export function readModelUsage(value: unknown): Tokens | null {
  const models = Object.values(fieldsOf(value)).map(fieldsOf);
  if (models.length === 0) return null;
  const sum = (key: string): number => models.reduce((total, model) => total + (numberOf(model[key]) ?? 0), 0);
  return {
    input: sum('inputTokens'),
    output: sum('outputTokens'),
    cacheRead: sum('cacheReadInputTokens'),
    cacheWrite: sum('cacheCreationInputTokens'),
  };
}
