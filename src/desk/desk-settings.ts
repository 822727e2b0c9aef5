import type { Access } from '../model/access.ts';
import type { DiskAmount } from '../model/disk.ts';
import type { RunSettings } from '../model/job.ts';
import type { Project } from '../model/project.ts';
import type { Retention } from '../model/retention.ts';

/**
 * The part of the configuration that the use cases go by. A reload replaces its fields: each is read when it is needed and
 * kept nowhere.
 */
export interface DeskSettings {
  /** `/claude`. */
  commandName: string;
  hostName: string;
  hostZone: string;
  /** Local time of `nightly` and `tonight`. */
  nightlyAt: { hour: number; minute: number };
  /** How many runs work at once on this host. */
  concurrency: number;
  runDefaults: RunSettings;
  projects: ReadonlyMap<string, Project>;
  /** Per channel reference: what a command typed there may leave out. */
  channels: ReadonlyMap<string, { project?: string | undefined; zone?: string | undefined }>;
  access: Access;
  /** The channel for faults of the host; without one they are told in the channel of the run that met them. */
  alerts?: string | undefined;
  /** One message a channel and day, at a local time of `zone`. */
  digest: { time: { hour: number; minute: number }; zone: string; channels: readonly string[] };
  /** With less room on the disk of the data directory no run starts: worktrees, logs and the store would soon fail. */
  minFree: DiskAmount;
  retention: Retention;
}
