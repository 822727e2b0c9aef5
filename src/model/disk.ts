const megabyte = 1024 * 1024;

/** With less room on the disk of the data directory no run is started: worktrees, logs and the store would soon fail. */
export const leastFreeBytes = 200 * megabyte;

/** `1.5 GB`, `180 MB`. */
export const formatBytes = (bytes: number): string =>
  bytes >= 1024 * megabyte ? `${(bytes / (1024 * megabyte)).toFixed(1)} GB` : `${Math.floor(bytes / megabyte)} MB`;
