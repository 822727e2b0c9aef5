import { isViewPath } from './views.js';

/** Reads the place that an address names: `#general/17` is the channel's name and the message whose thread is open. */
export function readPlace(hash) {
  const [name = '', thread = ''] = hash.slice(1).split('/').map(decode);
  return { name, thread: /^\d{1,15}$/.test(thread) ? Number(thread) : null };
}

/** Goes to a channel, and to a thread in it where one is given. */
export function goTo(name, thread) {
  location.hash = `${encodeURIComponent(name)}${thread === undefined ? '' : `/${thread}`}`;
}

/** Has links to other views and channels followed without loading the page again. `onMove` hears that the address changed. */
export function followLinks(onMove) {
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[href]');
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !isPlain || event.defaultPrevented || link.target !== '' || link.hasAttribute('download')) return;
    const isHere = link.origin === location.origin && (link.pathname === '/' || isViewPath(link.pathname));
    // A move among channels is a new hash, which the browser does by itself.
    if (!isHere || (link.pathname === '/' && location.pathname === '/')) return;
    event.preventDefault();
    history.pushState(null, '', link.href);
    onMove();
  });
  addEventListener('popstate', onMove);
  addEventListener('hashchange', onMove);
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
