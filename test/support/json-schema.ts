type Schema = Record<string, unknown>;

/** Says nothing of a value. */
const annotations = new Set(['$schema', 'title', 'description', 'default']);

/**
 * Whether a value is valid by a JSON schema (2020-12), as an editor would see it. Throws for a keyword that it does not know:
 * a schema that says more than is looked at here must not pass.
 */
export function isValid(schema: Schema, value: unknown): boolean {
  return Object.entries(schema).every(([keyword, rule]) => {
    if (annotations.has(keyword)) return true;
    const holds = keywords[keyword];
    if (holds === undefined) throw new Error(`unknown keyword of a JSON schema: ${keyword}`);
    return holds(rule as never, value, schema);
  });
}

const isMap = (value: unknown): value is Record<string, unknown> => typeOf(value) === 'object';
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const entries = (value: unknown): [string, unknown][] => (isMap(value) ? Object.entries(value) : []);
const lengthOf = (value: unknown): number | undefined =>
  typeof value === 'string' ? Array.from(value).length : undefined;

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

const keywords: Record<string, (rule: never, value: unknown, schema: Schema) => boolean> = {
  type: (rule: string | string[], value) => {
    const types = [rule].flat();
    return types.includes(typeOf(value)) || (types.includes('number') && typeof value === 'number');
  },
  enum: (rule: unknown[], value) => rule.includes(value),
  anyOf: (rule: Schema[], value) => rule.some((option) => isValid(option, value)),
  pattern: (rule: string, value) => typeof value !== 'string' || new RegExp(rule, 'u').test(value),
  minLength: (rule: number, value) => (lengthOf(value) ?? rule) >= rule,
  maxLength: (rule: number, value) => (lengthOf(value) ?? rule) <= rule,
  minimum: (rule: number, value) => typeof value !== 'number' || value >= rule,
  maximum: (rule: number, value) => typeof value !== 'number' || value <= rule,
  exclusiveMinimum: (rule: number, value) => typeof value !== 'number' || value > rule,
  prefixItems: (rule: Schema[], value) =>
    list(value).every((item, at) => at >= rule.length || isValid(rule[at]!, item)),
  items: (rule: Schema, value, { prefixItems }) =>
    list(value)
      .slice(list(prefixItems).length)
      .every((item) => isValid(rule, item)),
  minItems: (rule: number, value) => !Array.isArray(value) || value.length >= rule,
  required: (rule: string[], value) => !isMap(value) || rule.every((key) => Object.hasOwn(value, key)),
  minProperties: (rule: number, value) => !isMap(value) || entries(value).length >= rule,
  propertyNames: (rule: Schema, value) => entries(value).every(([key]) => isValid(rule, key)),
  properties: (rule: Record<string, Schema>, value) =>
    entries(value).every(([key, inner]) => !Object.hasOwn(rule, key) || isValid(rule[key]!, inner)),
  additionalProperties: (rule: Schema | false, value, { properties = {} }) =>
    entries(value).every(
      ([key, inner]) => Object.hasOwn(properties as object, key) || (rule !== false && isValid(rule, inner)),
    ),
};
