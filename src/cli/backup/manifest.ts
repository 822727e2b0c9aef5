import { join } from 'node:path';

import * as z from 'zod';

import { UserError } from '../../model/user-error.ts';
import { readPlainFile } from '../../read-plain-file.ts';

export const storeName = 'nightdesk.db';
export const tokensName = 'web-tokens.json';
export const manifestName = 'manifest.json';

/** It names each file that was left out. */
const maxFileBytes = 64 * 1024 * 1024;

const manifestSchema = z.object({
  v: z.literal(1),
  /** Of nightdesk. */
  version: z.string(),
  at: z.iso.datetime(),
  /** The file itself is not in the backup: it lies with what people write, and may name secrets. */
  configPath: z.string(),
  dataDirectory: z.string(),
  /** Files of runs. */
  files: z.int(),
  /** Relative to the data directory: what was too large. */
  leftOut: z.array(z.string()),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** Throws a `UserError` where the folder is no whole backup. */
export function readManifest(folder: string): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(readPlainFile(join(folder, manifestName), maxFileBytes).toString('utf8')));
  } catch (error) {
    throw new UserError(
      `${folder} is no backup: its ${manifestName} can't be read. \`nightdesk backup\` writes a folder with one; a single copy of the store, such as backups/before-update-….db, is restored by its own name.`,
      { cause: error },
    );
  }
}
