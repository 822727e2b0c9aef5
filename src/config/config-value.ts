import type { Access } from '../model/access.ts';
import type { DiskAmount } from '../model/disk.ts';
import type { RunSettings } from '../model/job.ts';
import type { Project } from '../model/project.ts';
import type { Retention } from '../model/retention.ts';
import type { PermissionMode } from './schema.ts';

/** nightdesk.yaml and what it takes from the environment, complete and checked. */
export interface Config {
  /** Absolute path of the file. */
  path: string;
  host: {
    name: string;
    /** How many runs at once. */
    concurrency: number;
    /** IANA time zone. */
    zone: string;
    /** `HH:MM`: what `nightly` and `tonight` mean. */
    nightlyAt: string;
  };
  /** Absolute path. */
  dataDirectory: string;
  /** `/claude` */
  commandName: string;
  claude: {
    /** The program and its first arguments. */
    command: [string, ...string[]];
    /** The whole environment of what a run starts. It may hold secrets. */
    env: Record<string, string>;
    permissionMode: PermissionMode;
    allowedTools: string[];
    /** For runs whose settings name none. */
    model?: string | undefined;
    /** For one look at one sentence. */
    judgeTimeoutMs: number;
  };
  projects: ReadonlyMap<string, Project>;
  /** By channel reference: `web:general`. At least one of them is on the web page. */
  channels: ReadonlyMap<string, ChannelDefaults>;
  /** Settings of jobs that name none. */
  defaults: RunSettings;
  access: Access;
  /** The channel for faults of the host. */
  alerts?: string | undefined;
  digest: {
    /** `HH:MM` */
    time: string;
    /** IANA time zone; the host's where none is named. */
    zone?: string | undefined;
    /** Who gets one: none unless it is named. */
    channels: string[];
  };
  disk: {
    /** With less room on the disk of the data directory no run starts. */
    minFree: DiskAmount;
  };
  retention: Retention;
  web: {
    host: string;
    /** 0 takes any free port. */
    port: number;
    /** Where people reach the page, if that differs: `https://desk.example.org`. */
    url?: string | undefined;
    people: string[];
    /** A secret, from the environment: lets in who reads the metrics from elsewhere. */
    metricsToken?: string | undefined;
  };
  /** Only where the file has a section for it. */
  slack?: SlackConfig | undefined;
  /** Where it is named, Discord is on. */
  discord?: DiscordConfig | undefined;
  /** What is suspicious but no fault, as sentences for the log. */
  warnings: string[];
}

/** How to reach Slack and be reached by it. It holds secrets. */
export type SlackConfig = {
  /** Where the Web API is; ends in a slash. */
  apiUrl: string;
  botToken: string;
} & (
  | { mode: 'socket'; appToken: string }
  | {
      mode: 'http';
      signingSecret: string;
      host: string;
      /** 0 takes any free port. */
      port: number;
      path: string;
    }
);

export interface DiscordConfig {
  /** A secret: from the environment, to be shown nowhere. */
  token: string;
  /** Where the API is, without its version: `https://discord.com/api`. */
  restUrl: string;
  /** The server that the commands are registered in; globally where none is named. */
  guild?: string | undefined;
}

export interface ChannelDefaults {
  project?: string | undefined;
  zone?: string | undefined;
}
