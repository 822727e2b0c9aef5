/** `request.json` of a supervised command (0600: `env` may hold secrets). Read by the supervisor. */
export interface CommandRequest {
  v: 1;
  /** Value of `NIGHTDESK_COMMAND` in the child's environment, by which leftovers are found. */
  cookie: string;
  /** `claude`: stdout is a stream of JSON lines that tells of life and of open work. `shell`: any command. */
  kind: 'claude' | 'shell';
  argv: string[];
  cwd: string;
  /** A folder that is the command's alone: whatever works in there without a terminal belongs to it. */
  ownFolder?: string;
  env: Record<string, string>;
  limits: CommandLimits;
}

export interface CommandLimits {
  timeoutMs: number;
  /** Only for `claude`: no line at all for so long since the start is a stall. What the CLI itself takes to begin is no silence. */
  firstLineMs: number;
  /** Only for `claude`: no further line for so long, with no tool call open, is a stall. */
  stallMs: number;
  /** Only for `claude`: how long the process may live after a `result` with nothing open. */
  hangMs: number;
  /** Only for `claude`: how long background tasks may stay open after a `result`. */
  backgroundMs: number;
  /** Between SIGINT and SIGTERM, and between SIGTERM and SIGKILL. */
  interruptGraceMs: number;
  terminateGraceMs: number;
}

export const defaultLimits = {
  firstLineMs: 15 * 60_000,
  stallMs: 15 * 60_000,
  hangMs: 15_000,
  backgroundMs: 10 * 60_000,
  interruptGraceMs: 5_000,
  terminateGraceMs: 2_000,
} as const;
