/**
 * Reads on, a batch at a time, until `limit` rows that may be shown and one more are found, or none are left. `batch` gets
 * the last row it gave.
 */
export function takeVisible<T>(
  limit: number,
  batch: (last: T | undefined) => T[],
  isVisible: (row: T) => boolean,
): { rows: T[]; hasMore: boolean } {
  const found: T[] = [];
  let last: T | undefined;
  for (;;) {
    const rows = batch(last);
    found.push(...rows.filter(isVisible));
    last = rows.at(-1);
    if (last === undefined || found.length > limit) {
      return { rows: found.slice(0, limit), hasMore: found.length > limit };
    }
  }
}
