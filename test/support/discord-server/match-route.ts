import { apiFault } from './api-fault.ts';
import type { Route } from './call.ts';

/** The first route that fits, with what stood in its path. Throws 404 and 405 as Discord answers them. */
export function matchRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; params: Record<string, string> } {
  const fitting = routes.flatMap((route) => {
    const params = readPath(route.path, path);
    return params ? [{ route, params }] : [];
  });
  const found = fitting.find(({ route }) => route.method === method);
  if (found) return found;
  throw apiFault(fitting.length > 0 ? 'methodNotAllowed' : 'notFound');
}

function readPath(template: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [template, path].map((text) => text.split('/'));
  if (!wanted || !given || wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const text = decodeURIComponent(given[index] ?? '');
    if (part.startsWith(':')) params[part.slice(1)] = text;
    else if (part !== text) return undefined;
  }
  return params;
}
