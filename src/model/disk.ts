const megabyte = 1024 * 1024;
const gigabyte = 1024 * megabyte;

/** A part of a disk: so many bytes, or a share of its size from 0 to 1. */
export type DiskAmount = { bytes: number } | { share: number };

/** How many bytes of a disk of `diskBytes` are meant. */
export const amountBytes = (amount: DiskAmount, diskBytes: number): number =>
  'bytes' in amount ? amount.bytes : Math.floor(amount.share * diskBytes);

/** Reads `500 MB`, `1.5GB`, `2 TB` and `2%`. A kB has 1024 bytes here. `undefined` for anything else. */
export function parseDiskAmount(text: string): DiskAmount | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(%|mb|gb|tb)$/i.exec(text.trim()) ?? [];
  if (number === undefined || unit === undefined) return undefined;
  const amount = Number(number);
  if (unit === '%') return amount <= 100 ? { share: amount / 100 } : undefined;
  const factors: Record<string, number> = { mb: megabyte, gb: gigabyte, tb: 1024 * gigabyte };
  return { bytes: Math.round(amount * (factors[unit.toLowerCase()] ?? 1)) };
}

/** `1.5 GB`, `180 MB`. */
export const formatBytes = (bytes: number): string =>
  bytes >= gigabyte ? `${(bytes / gigabyte).toFixed(1)} GB` : `${Math.floor(bytes / megabyte)} MB`;

/** What SQLite and the system say where a file can't be written for want of room, or since the disk takes nothing. */
const diskCodes = /^(?:ENOSPC|EDQUOT|EROFS|SQLITE_FULL|SQLITE_READONLY(?:_.+)?|SQLITE_IOERR_(?:WRITE|FSYNC|TRUNCATE))$/;

/** Those of them that say that there is no room. */
const fullCodes = /^(?:ENOSPC|EDQUOT|SQLITE_FULL)$/;

/** A small file that takes this long to be written tells of a slow disk: people see it in every answer. */
export const slowWriteMs = 2_500;

export const isFullFault = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && fullCodes.test(error.code);

export const isDiskFault = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && diskCodes.test(error.code);
