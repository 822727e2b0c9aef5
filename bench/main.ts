import { benchAlarms } from './alarms.ts';
import { benchDue } from './due.ts';
import { benchFollow } from './follow.ts';
import { benchStore } from './store.ts';
import { benchTranscript } from './transcript.ts';

const benches = {
  due: benchDue,
  transcript: benchTranscript,
  follow: benchFollow,
  alarms: benchAlarms,
  store: benchStore,
};

const wanted = process.argv.slice(2);
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length === 0 || wanted.includes(name)) await bench();
}
