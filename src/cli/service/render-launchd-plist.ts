import { dirname, join } from 'node:path';

import type { ServiceFacts } from './service-facts.ts';

/**
 * Reads the tokens, keeps the Mac from idle sleep for as long as this process lives, and becomes nightdesk: launchd's signals
 * reach it, and not a wrapper.
 */
const script = 'if [ -r "$1" ]; then set -a; . "$1"; set +a; fi; shift; caffeinate -i -s -w $$ & exec "$@"';

/** The property list of an agent of the user: `man launchd.plist`. */
export function renderLaunchdPlist({ node, program, configPath, home, path }: ServiceFacts): string {
  const folder = dirname(configPath);
  const words = ['/bin/sh', '-c', script, 'nightdesk', join(folder, 'nightdesk.env')];
  const command = [...words, node, program, 'start', '--config', configPath];
  const log = escape(join(home, 'Library/Logs/nightdesk.log'));
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!--
  nightdesk service launchd > ~/Library/LaunchAgents/nightdesk.plist
  launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/nightdesk.plist
  Tokens, a NAME=value a line, go into nightdesk.env beside nightdesk.yaml; chmod 600.
-->
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>nightdesk</string>
  <key>ProgramArguments</key>
  <array>
${command.map((word) => `    <string>${escape(word)}</string>`).join('\n')}
  </array>
  <key>WorkingDirectory</key>
  <string>${escape(folder)}</string>
  <key>EnvironmentVariables</key>
  <dict>
    <!-- What set-up commands and checks need has to be found here too. -->
    <key>PATH</key>
    <string>${escape(path)}</string>
  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <true/>
  <key>ThrottleInterval</key>
  <integer>10</integer>
  <key>ExitTimeOut</key>
  <integer>20</integer>
  <!-- Runs have supervisors of their own, which a stop or an update leaves at work: the next start takes them over. -->
  <key>AbandonProcessGroup</key>
  <true/>
  <key>StandardOutPath</key>
  <string>${log}</string>
  <key>StandardErrorPath</key>
  <string>${log}</string>
</dict>
</plist>
`;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escape = (text: string): string => text.replaceAll(/[&<>]/g, (sign) => entities[sign] ?? sign);
