import type { Environment } from './child-env.ts';

/** All that a configuration depends on besides its own text. */
export interface ConfigContext {
  /** Absolute path of the file, from which relative paths are meant. */
  path: string;
  env: Environment;
  hostname: string;
  /** IANA time zone of the host. */
  hostZone: string;
  userName: string;
  /** What `~` stands for. */
  homeDirectory: string;
  lookAt(path: string): Folder;
}

/** What stands at a path. `inside-repository`: a folder below the top of a git repository. */
export interface Folder {
  kind: 'repository' | 'inside-repository' | 'directory' | 'other' | 'missing';
  /** Without symbolic links; the path itself where nothing is there. */
  realPath: string;
}
