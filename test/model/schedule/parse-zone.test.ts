import { expect, test } from 'vitest';

import { findZone, parseZone } from '../../../src/model/schedule/parse-zone.ts';
import { zoneLabel } from '../../../src/model/schedule/zone-label.ts';
import { UserError } from '../../../src/model/user-error.ts';

test.each([
  ['Europe/Berlin', 'Europe/Berlin'],
  ['europe/berlin', 'Europe/Berlin'],
  [' America/New_York ', 'America/New_York'],
  ['america/argentina/buenos_aires', 'America/Argentina/Buenos_Aires'],
  ['asia/kolkata', 'Asia/Kolkata'],
  ['us/pacific', 'US/Pacific'],
  ['utc', 'UTC'],
  ['Etc/UTC', 'UTC'],
  ['Z', 'UTC'],
  ['berlin', 'Europe/Berlin'],
  ['New York', 'America/New_York'],
  ['são paulo'.normalize('NFD').replaceAll(/\p{M}/gu, ''), 'America/Sao_Paulo'],
])('`%s` is %s', (text, zone) => {
  expect(parseZone(text)).toBe(zone);
});

test.each([
  ['Europe/Berln', 'There is no time zone `Europe/Berln`. Did you mean `Europe/Berlin`?'],
  ['Germany/Berlin', 'Did you mean `Europe/Berlin`?'],
  ['Tokio', 'Did you mean `Asia/Tokyo`?'],
  ['Atlantis', 'Use an IANA name, such as `Europe/Berlin`'],
  ['', 'Use an IANA name'],
  ['EST', 'Name a place: `America/New_York`.'],
  ['cet', 'Name a place: `Europe/Berlin`.'],
  ['+02:00', 'an offset has no summer time'],
  ['UTC+2', 'an offset has no summer time'],
  ['2026-11-22T00:00Z', 'There is no time zone'],
])('`%s` is refused: %s', (text, message) => {
  expect(() => parseZone(text)).toThrow(UserError);
  expect(() => parseZone(text)).toThrow(message);
});

test('every zone that the platform lists is known under its own name, in any case', () => {
  for (const zone of Intl.supportedValuesOf('timeZone')) expect(findZone(zone.toUpperCase())).toBe(zone);
});

test.each([
  ['Europe/Berlin', 'Berlin'],
  ['America/Argentina/Buenos_Aires', 'Buenos Aires'],
  ['UTC', 'UTC'],
  ['US/Pacific', 'US/Pacific'],
  ['Etc/GMT+5', 'Etc/GMT+5'],
])('%s is called %s', (zone, label) => {
  expect(zoneLabel(zone)).toBe(label);
});
