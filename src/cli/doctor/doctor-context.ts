import type { ServiceManager } from './service-env.ts';

/** What checks go by beside the configuration. */
export interface DoctorContext {
  /** The environment of the terminal. */
  env: Record<string, string | undefined>;
  platform: NodeJS.Platform;
  isRoot: boolean;
  /** Set where everything is checked as a service would find it. */
  service: ServiceManager | undefined;
  now: Date;
}
