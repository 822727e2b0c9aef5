import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { extname } from 'node:path';

import type { Context } from 'hono';

import type { WebFile } from '../bots/web/web-messages.ts';
import type { AppEnv } from './app-env.ts';
import { HttpProblem } from './http-problem.ts';
import { sendParts, type OnFault } from './send-parts.ts';

const textExtensions = new Set(['.csv', '.diff', '.json', '.log', '.md', '.patch', '.txt']);

/**
 * Sends a file as it is. Text is shown by the browser, as plain text whatever it holds; anything else, and everything with
 * `isDownload`, is saved. Throws an `HttpProblem` 404 where the file is gone.
 */
export async function sendAttachment(
  c: Context<AppEnv>,
  file: WebFile,
  { isDownload, onFault }: { isDownload: boolean; onFault: OnFault },
): Promise<Response> {
  // What a run writes is not to lead elsewhere on this machine. The open itself would wait for whoever writes to a pipe.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(file.path, flags).catch(() => undefined);
  const stats = await handle?.stat();
  if (handle === undefined || stats?.isFile() !== true) {
    await handle?.close();
    throw new HttpProblem(404, `${file.name} is not on this machine any more.`);
  }
  const isText = textExtensions.has(extname(file.name).toLowerCase());
  c.header('Content-Type', isText ? 'text/plain; charset=utf-8' : 'application/octet-stream');
  c.header('Content-Disposition', renderDisposition(isText && !isDownload ? 'inline' : 'attachment', file.name));
  c.header('Content-Length', String(stats.size));
  c.header('Content-Security-Policy', "default-src 'none'; sandbox");
  if (c.req.method === 'HEAD' || stats.size === 0) {
    await handle.close();
    return c.body(null);
  }
  return sendParts(c, handle.createReadStream({ end: stats.size - 1 }), onFault);
}

/** RFC 6266: a plain name for old readers, and the exact one. */
function renderDisposition(kind: 'inline' | 'attachment', name: string): string {
  const plain = name.replaceAll(/[^\w. -]/g, '_');
  const exact = encodeURIComponent(name).replaceAll(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
  return `${kind}; filename="${plain}"; filename*=UTF-8''${exact}`;
}
