import { request } from './api.js';
import { createMessageList } from './message-list.js';

/**
 * A list of messages that is loaded from the server and kept up to date. `path()` is where from (`null`: nothing to show),
 * `after()` the message that stays first, `has(message)` whether it belongs here.
 */
export function createPane(root, { path, after, has, onLoaded, report, ...listOptions }) {
  let loads = 0;
  /** What changed while messages were loaded: it is newer than what is loaded. */
  const changed = [];

  const list = createMessageList(root, {
    ...listOptions,
    onEarlier: async (shown) => {
      const wanted = path();
      const before = Math.min(...shown.filter((id) => id > after()));
      await request('GET', `${wanted}?before=${before}`).then((page) => {
        // The reader may be elsewhere by now.
        if (wanted === path()) list.prepend(page);
      }, report);
    },
  });
  const show = (message) => {
    if (!has(message)) return false;
    if (loads === 0) return list.upsert(message);
    changed.push(message);
    return false;
  };

  return {
    ...list,
    show,
    async load() {
      const wanted = path();
      if (wanted === null) return;
      loads += 1;
      try {
        const page = await request('GET', wanted);
        if (wanted === path()) {
          list.reset({
            ...page,
            messages: page.parent === undefined ? page.messages : [page.parent, ...page.messages],
          });
          onLoaded(page);
        }
      } catch (error) {
        report(error);
      }
      loads -= 1;
      if (loads === 0) for (const message of changed.splice(0)) show(message);
    },
  };
}
