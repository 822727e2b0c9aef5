import { el } from './dom.js';

/**
 * Rows that come a page at a time, newest or first ones first. `fetchPage(last)` resolves to `{rows, hasMore}`; `show(rows)`
 * draws all of them; `key(row)` is the same for the same row; `isAfter(row, last)` whether a row comes behind another one.
 * `onLoaded(rows, hasMore, isAsked)` hears of each load, and whether somebody asked for it.
 */
export function createPagedList({ fetchPage, show, key, isAfter, onLoaded, report }) {
  const more = el('button', { type: 'button', class: 'more', hidden: true, onclick: () => void loadMore() }, 'More');
  let rows = [];
  let hasMore = false;
  let load = 0;
  let isLoading = false;

  const take = (next, isMore, isAsked) => {
    rows = next;
    hasMore = isMore;
    more.hidden = !hasMore;
    show(rows);
    onLoaded(rows, hasMore, isAsked);
  };
  const run = async (last, use) => {
    load += 1;
    const mine = load;
    isLoading = true;
    try {
      const page = await fetchPage(last);
      // What was asked for since then is newer.
      if (mine === load) use(page);
    } finally {
      if (mine === load) isLoading = false;
    }
  };
  const loadMore = () =>
    run(rows.at(-1), (page) => {
      const known = new Set(rows.map(key));
      take([...rows, ...page.rows.filter((row) => !known.has(key(row)))], page.hasMore, true);
    }).catch(report);

  return {
    more,
    /** Forgets what was loaded and loads from the start. */
    reset: () => run(undefined, (page) => take(page.rows, page.hasMore, true)).catch(report),
    /** Loads the first page again; what was loaded behind it stays. Rejects where it can't be had. */
    async refresh() {
      // What somebody has asked for comes first.
      if (isLoading) return;
      await run(undefined, (page) => {
        const last = page.rows.at(-1);
        const rest = page.hasMore && last !== undefined ? rows.filter((row) => isAfter(row, last)) : [];
        take([...page.rows, ...rest], rest.length > 0 ? hasMore : page.hasMore, false);
      });
    },
  };
}
