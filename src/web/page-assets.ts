import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface PageAsset {
  bytes: Uint8Array<ArrayBuffer>;
  type: string;
  etag: string;
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The files of src/web/page by name, read once. */
export function readPageAssets(): Map<string, PageAsset> {
  const folder = fileURLToPath(new URL('page', import.meta.url));
  const assets = readdirSync(folder).flatMap((name): [string, PageAsset][] => {
    const type = types[extname(name)];
    if (type === undefined) return [];
    const bytes = new Uint8Array(readFileSync(join(folder, name)));
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    return [[name, { bytes, type, etag }]];
  });
  return new Map(assets);
}
