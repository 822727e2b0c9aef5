import { el } from './dom.js';

/** The list of channels, with a mark at those that have something unread. What was read is kept in this browser. */
export function createChannelNav(list) {
  const channels = new Map();
  let current = '';

  const render = () => {
    const items = [...channels.values()].map(({ id, name, lastMessage }) => {
      const isUnread = id !== current && (lastMessage ?? 0) > readUpTo(id);
      const props = {
        href: `/#${encodeURIComponent(name)}`,
        'aria-current': id === current ? 'page' : null,
        class: isUnread ? 'unread' : null,
      };
      return el(
        'li',
        {},
        el(
          'a',
          props,
          el('span', { class: 'hash', 'aria-hidden': 'true' }, '#'),
          name,
          isUnread ? el('span', { class: 'sr-only' }, ', unread') : null,
        ),
      );
    });
    list.replaceChildren(...items);
  };

  return {
    reset(given) {
      channels.clear();
      for (const channel of given) channels.set(channel.id, channel);
      render();
    },
    /** Marks the channel that is open; none while a view is. */
    open(id) {
      current = id;
      const last = channels.get(id)?.lastMessage;
      if (last) markRead(id, last);
      render();
    },
    /** Hears of a message outside of threads. */
    saw({ id, channel }) {
      const known = channels.get(channel) ?? {
        id: channel,
        name: channel.slice(channel.indexOf(':') + 1),
        lastMessage: 0,
      };
      if (channels.has(channel) && id <= (known.lastMessage ?? 0)) return;
      channels.set(channel, { ...known, lastMessage: Math.max(id, known.lastMessage ?? 0) });
      if (channel === current) markRead(channel, id);
      render();
    },
    lastIn: (id) => channels.get(id)?.lastMessage ?? 0,
    nameOf: (id) => channels.get(id)?.name ?? '',
    find: (name) => [...channels.values()].find((channel) => channel.name === name),
    first: () => channels.values().next().value,
  };
}

const key = (id) => `read ${id}`;
const readUpTo = (id) => Number(localStorage.getItem(key(id)) ?? 0);
const markRead = (id, message) => localStorage.setItem(key(id), String(message));
