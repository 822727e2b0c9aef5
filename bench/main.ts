import { benchAlarms } from './alarms.ts';
import { benchDiscordAck } from './discord-ack.ts';
import { benchDiscordResults } from './discord-results.ts';
import { benchDue } from './due.ts';
import { benchEscapes } from './escapes.ts';
import { benchFollow } from './follow.ts';
import { benchSlackAck } from './slack-ack.ts';
import { benchSlackReconnect } from './slack-reconnect.ts';
import { benchSlackResults } from './slack-results.ts';
import { benchStore } from './store.ts';
import { benchTranscript } from './transcript.ts';

const benches = {
  due: benchDue,
  transcript: benchTranscript,
  follow: benchFollow,
  alarms: benchAlarms,
  store: benchStore,
  'slack-ack': benchSlackAck,
  'discord-ack': benchDiscordAck,
  'discord-results': benchDiscordResults,
  'slack-reconnect': benchSlackReconnect,
  'slack-results': benchSlackResults,
  escapes: benchEscapes,
};

const wanted = process.argv.slice(2);
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length === 0 || wanted.includes(name)) await bench();
}
