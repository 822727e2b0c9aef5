import { dirname } from 'node:path';

import type { ServiceFacts } from './service-facts.ts';

/**
 * The unit of a system service that runs as the user. Quoting:
 * https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Command%20lines
 */
export function renderSystemdUnit({ node, program, configPath, user, path }: ServiceFacts): string {
  // `:` keeps a dollar sign in a path from being taken for a variable.
  const command = `:${[node, program, 'start', '--config', configPath].map(quote).join(' ')}`;
  return `# nightdesk service systemd | sudo tee /etc/systemd/system/nightdesk.service
# sudo systemctl daemon-reload && sudo systemctl enable --now nightdesk
[Unit]
Description=nightdesk
Wants=network-online.target
After=network-online.target
# However often it fails, it is started again.
StartLimitIntervalSec=0

[Service]
User=${escape(user)}
WorkingDirectory=${escape(dirname(configPath))}
ExecStart=${command}
ExecReload=/bin/kill -HUP $MAINPID
# Tokens, a NAME=value a line; sudo chmod 600.
EnvironmentFile=-/etc/nightdesk.env
# What set-up commands and checks need has to be found here too.
Environment=${quote(`PATH=${path}`)}
Restart=always
RestartSec=5
# Runs have supervisors of their own, which a stop or an update leaves at work: the next start takes them over.
KillMode=process
TimeoutStopSec=20
# A run that takes too much memory ends alone.
OOMPolicy=continue

[Install]
WantedBy=multi-user.target
`;
}

/** Specifiers are expanded everywhere. */
const escape = (text: string): string => text.replaceAll('%', '%%');
const quote = (text: string): string => `"${escape(text).replaceAll(/["\\]/g, String.raw`\$&`)}"`;
