import { stat } from 'node:fs/promises';

import type { Attachment } from '../chat.ts';
import type { WebFile } from './web-messages.ts';

/** Adds the size of a file. One that is gone has 0: a result must be told even where its log is gone. */
export async function measureFile({ name, path }: Attachment): Promise<WebFile> {
  const stats = await stat(path).catch(() => undefined);
  return { name, path, sizeBytes: stats?.size ?? 0 };
}
