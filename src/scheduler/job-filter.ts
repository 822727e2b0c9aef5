import type { Database } from 'better-sqlite3';
import type { JobsQueryOptions, RemoveJobsOptions } from 'agenda';

export interface JobFilter {
  where: string;
  values: Record<string, string>;
}

const containsFunction = 'agenda_data_contains';

/** Gives SQL the comparison of a job's data with a part of it, which `filterJobs` uses. */
export function addDataComparison(database: Database): void {
  database.function(containsFunction, { deterministic: true }, (data: unknown, part: unknown) => {
    const isIn = typeof data === 'string' && containsJson(JSON.parse(data), JSON.parse(String(part)));
    return isIn ? 1 : 0;
  });
}

/**
 * The condition for what `removeJobs` and the queries share, as in Agenda's own backends: `id` before `ids`, `name`
 * before `names` before `notNames`, all given ones together. Undefined when nothing is asked for.
 */
export function filterJobs(options: RemoveJobsOptions): JobFilter | undefined {
  const conditions: string[] = [];
  const values: Record<string, string> = {};
  const add = (condition: string, key: string, value: string): void => {
    conditions.push(condition);
    values[key] = value;
  };
  if (options.id) add('id = @id', 'id', options.id);
  else if (options.ids?.length) add('id IN (SELECT value FROM json_each(@ids))', 'ids', JSON.stringify(options.ids));

  const { name, names, notNames } = options;
  if (name) add('name = @name', 'name', name);
  else if (names?.length) add('name IN (SELECT value FROM json_each(@names))', 'names', JSON.stringify(names));
  else if (notNames?.length) {
    add('name NOT IN (SELECT value FROM json_each(@notNames))', 'notNames', JSON.stringify(notNames));
  }

  if (options.data !== undefined) add(`${containsFunction}(data, @data)`, 'data', JSON.stringify(options.data));
  return conditions.length > 0 ? { where: conditions.join(' AND '), values } : undefined;
}

/** The condition of a query. What is computed (`state`) or comes after it (`skip`, `limit`) is not part of it. */
export function filterQuery(options: JobsQueryOptions): JobFilter {
  const { where, values } = filterJobs(options) ?? { where: 'TRUE', values: {} };
  const conditions = [where];
  if (options.search) {
    conditions.push(`name LIKE '%' || @search || '%' ESCAPE '\\'`);
    values['search'] = options.search.replaceAll(/[\\%_]/g, String.raw`\$&`);
  }
  if (options.includeDisabled === false) conditions.push('disabled = 0');
  return { where: conditions.join(' AND '), values };
}

/** Whether `part` is in `whole`: objects by their keys, arrays by their elements, at any depth, all else by value. */
export function containsJson(whole: unknown, part: unknown): boolean {
  if (Array.isArray(part)) {
    return Array.isArray(whole) && part.every((wanted) => whole.some((element) => containsJson(element, wanted)));
  }
  if (isObject(part)) {
    return (
      isObject(whole) && Object.entries(part).every(([key, wanted]) => key in whole && containsJson(whole[key], wanted))
    );
  }
  return whole === part;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
