import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import { createManifest } from '../../../src/bots/slack/manifest.ts';
import { runNightdesk } from '../../support/nightdesk-command.ts';
import { tempFolder } from '../../support/temp-repository.ts';

const url = z
  .string()
  .regex(/^https?:\/\//)
  .max(3000);
const names = z.array(z.string().max(50)).max(100);

/** What Slack takes, of the parts that the manifest has: https://docs.slack.dev/reference/app-manifest, all keys named. */
const slackTakes = z.strictObject({
  display_information: z.strictObject({
    name: z.string().min(1).max(35),
    description: z.string().min(1).max(140),
    background_color: z.string().regex(/^#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?$/),
  }),
  features: z.strictObject({
    bot_user: z.strictObject({ display_name: z.string().min(1).max(80), always_online: z.boolean() }),
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    slash_commands: z
      .array(
        z.strictObject({
          command: z.string().regex(/^\//).min(2).max(32),
          description: z.string().min(1).max(2000),
          usage_hint: z.string().min(1).max(1000),
          should_escape: z.boolean(),
          url: url.optional(),
        }),
      )
      .min(1)
      .max(50),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: names }) }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({ request_url: url.optional(), bot_events: names }),
    interactivity: z.strictObject({ is_enabled: z.boolean(), request_url: url.optional() }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.boolean(),
  }),
});

describe('the manifest', () => {
  test('for Socket Mode names no address', () => {
    const manifest = slackTakes.parse(createManifest({ commandName: '/night' }));
    expect(manifest.features.slash_commands[0]?.command).toBe('/night');
    expect(manifest.settings).toMatchObject({
      socket_mode_enabled: true,
      interactivity: { is_enabled: true },
      event_subscriptions: { bot_events: ['app_mention', 'reaction_added', 'reaction_removed'] },
    });
    expect(JSON.stringify(manifest)).not.toContain('_url');
  });

  test('for HTTP has the address wherever Slack sends something', () => {
    const at = 'https://desk.example.org/slack/events';
    const manifest = slackTakes.parse(createManifest({ commandName: '/claude', url: at }));
    expect(manifest.settings).toMatchObject({
      socket_mode_enabled: false,
      interactivity: { request_url: at },
      event_subscriptions: { request_url: at },
    });
    expect(manifest.features.slash_commands[0]?.url).toBe(at);
  });

  test('is refused for what Slack would not take', () => {
    expect(() => createManifest({ commandName: `/${'x'.repeat(32)}` })).toThrow('up to 32 characters');
    expect(() => createManifest({ commandName: '/claude', url: 'desk.example.org' })).toThrow(
      'https://desk.example.org/slack/events',
    );
  });
});

describe('nightdesk slack manifest', () => {
  const run = (folder: string, ...args: string[]) =>
    runNightdesk(['slack', 'manifest', ...args], { cwd: folder, env: { PATH: '/usr/bin:/bin', HOME: folder } });
  const write = (folder: string, more: object) =>
    writeFileSync(join(folder, 'nightdesk.yaml'), JSON.stringify({ projects: { api: { path: 'api' } }, ...more }));

  test('prints it before there is a configuration', async () => {
    const { code, stdout } = await run(tempFolder());
    expect(code).toBe(0);
    expect(slackTakes.parse(JSON.parse(stdout)).features.slash_commands[0]?.command).toBe('/claude');
  });

  test('prints it before there are tokens, with the command as it is configured', async () => {
    const folder = tempFolder();
    write(folder, { commandName: '/night', slack: {} });
    const { stdout } = await run(folder);
    expect(slackTakes.parse(JSON.parse(stdout)).features.slash_commands[0]?.command).toBe('/night');
  });

  test('asks for the address where the configuration says HTTP', async () => {
    const folder = tempFolder();
    write(folder, { slack: { mode: 'http', path: '/hook' } });
    const { code, stderr } = await run(folder);
    expect(code).toBe(1);
    expect(stderr).toContain('--url https://desk.example.org/hook');
  });
});
