import { el } from './dom.js';
import { createJobList } from './job-list.js';
import { createJobPage } from './job-page.js';
import { createRunList } from './run-list.js';
import { createRunPage } from './run-page.js';

const kinds = [
  { pattern: /^\/jobs\/?$/, create: createJobList, part: 'jobs' },
  { pattern: /^\/jobs\/([^/]+)$/, create: createJobPage, part: 'jobs' },
  { pattern: /^\/runs\/?$/, create: createRunList, part: 'runs' },
  { pattern: /^\/runs\/([^/]+)$/, create: createRunPage, part: 'runs' },
];

const quickMs = 1000;
const pollMs = 5000;

/** Whether the page has a view at this path. */
export const isViewPath = (path) => kinds.some(({ pattern }) => pattern.test(path));

/**
 * The views beside the channels. What changes is told in a channel: with each message that changes, the view that is open looks
 * again; and every few seconds, for what is told elsewhere. `root` holds `h1`, `.view-body` and the links of `nav`.
 */
export function createViews(root, nav, context) {
  const heading = root.querySelector('h1');
  const body = root.querySelector('.view-body');
  const opened = new Map();
  let current;
  let address = '';
  let again;
  let isSoon = false;

  const setTitle = (text) => {
    heading.replaceChildren(el('bdi', {}, text));
    document.title = `${text} · nightdesk`;
  };
  /** What goes wrong in the view at an address is said while that is open. */
  const reportFrom = (from) => (error) => {
    if (error.status !== 404) return context.report(error);
    if (address === from) body.replaceChildren(el('p', { class: 'none' }, error.message));
  };
  const look = () => {
    clearTimeout(again);
    isSoon = false;
    if (current === undefined) return;
    again = setTimeout(look, pollMs);
    const report = reportFrom(address);
    // That the server is away is said beside the reader's name already.
    const reportLook = (error) => void (error.status !== 0 && report(error));
    if (!document.hidden) void Promise.resolve(current.view.refresh()).catch(reportLook);
  };
  const keepScroll = () => {
    if (current !== undefined) opened.set(current.kind, { ...opened.get(current.kind), [address]: body.scrollTop });
  };
  const markNav = (part) => {
    for (const link of nav.querySelectorAll('a')) {
      if (link.pathname === `/${part}`)
        link.setAttribute('aria-current', location.pathname === link.pathname ? 'page' : 'true');
      else link.removeAttribute('aria-current');
    }
  };

  return {
    /** Shows what the address names. Returns whether that is a view. */
    route() {
      const { pathname, search } = location;
      const kind = kinds.find(({ pattern }) => pattern.test(pathname));
      if (current !== undefined && pathname + search === address) return true;
      keepScroll();
      clearTimeout(again);
      current?.view.leave();
      markNav(kind?.part);
      root.hidden = kind === undefined;
      current = undefined;
      address = kind === undefined ? '' : pathname + search;
      if (kind === undefined) return false;
      const at = address;
      const report = reportFrom(at);
      const view = kind.create({ ...context, report, setTitle });
      current = { kind, view };
      body.replaceChildren(...view.content);
      const place = { name: decode(kind.pattern.exec(pathname)[1] ?? ''), query: new URLSearchParams(search) };
      Promise.resolve(view.open(place)).then(() => {
        if (address === at) body.scrollTop = opened.get(kind)?.[at] ?? 0;
      }, report);
      // Who comes from elsewhere on the page is told where they are.
      if (context.isEntered()) heading.focus();
      again = setTimeout(look, pollMs);
      return true;
    },
    /** Something has changed: looks again, at most once a second. */
    changed() {
      if (current === undefined || isSoon) return;
      isSoon = true;
      clearTimeout(again);
      again = setTimeout(look, quickMs);
    },
  };
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
