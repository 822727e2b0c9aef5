import { readFileSync } from 'node:fs';

/** nightdesk's version, from its package. */
export function version(): string {
  // The same place from src/cli in a checkout and from dist/cli in the package.
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
