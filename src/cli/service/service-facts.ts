/** What a service manager has to be told of this installation. */
export interface ServiceFacts {
  /** Absolute path of Node. */
  node: string;
  /** Absolute path of what `nightdesk` is on this machine. */
  program: string;
  /** Absolute path of nightdesk.yaml. */
  configPath: string;
  user: string;
  home: string;
  /** The folders in which a run finds what it needs. */
  path: string;
}
