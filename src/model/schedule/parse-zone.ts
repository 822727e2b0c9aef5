import { Temporal } from 'temporal-polyfill';

import { nearest } from '../nearest.ts';
import { UserError } from '../user-error.ts';

/** Names in use that `Intl` knows but lists under an older name. */
const renamedZones = [
  'Africa/Asmara',
  'America/Argentina/Buenos_Aires',
  'America/Argentina/Cordoba',
  'America/Nuuk',
  'Asia/Ho_Chi_Minh',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Asia/Yangon',
  'Atlantic/Faroe',
  'Europe/Kyiv',
  'Pacific/Chuuk',
  'Pacific/Pohnpei',
  'UTC',
];

/** Abbreviations that people type, with the place that they most likely mean. */
const abbreviations = new Map<string, string>(
  Object.entries({
    et: 'America/New_York',
    est: 'America/New_York',
    edt: 'America/New_York',
    ct: 'America/Chicago',
    cst: 'America/Chicago',
    cdt: 'America/Chicago',
    mst: 'America/Denver',
    mdt: 'America/Denver',
    pt: 'America/Los_Angeles',
    pst: 'America/Los_Angeles',
    pdt: 'America/Los_Angeles',
    cet: 'Europe/Berlin',
    cest: 'Europe/Berlin',
    eet: 'Europe/Athens',
    eest: 'Europe/Athens',
    wet: 'Europe/Lisbon',
    west: 'Europe/Lisbon',
    bst: 'Europe/London',
    ist: 'Asia/Kolkata',
    jst: 'Asia/Tokyo',
    msk: 'Europe/Moscow',
    aest: 'Australia/Sydney',
    aedt: 'Australia/Sydney',
  }),
);

const zonesById = new Map<string, string>();
const zonesByCity = new Map<string, string[]>();
for (const id of [...Intl.supportedValuesOf('timeZone'), ...renamedZones]) {
  zonesById.set(id.toLowerCase(), id);
  const city = id.slice(id.lastIndexOf('/') + 1).toLowerCase();
  const rivals = (zonesByCity.get(city) ?? []).filter((other) => !isSameZone(other, id));
  zonesByCity.set(city, [...rivals, id]);
}

/** Cities that name a zone, in lower case, with underscores. */
export const cityNames = [...zonesByCity.keys()];

/**
 * Reads a time zone: an IANA name in any case, `UTC`, or a city that names one zone (`new york`). Returns the IANA name.
 * Throws a `UserError` that names the nearest one. Abbreviations such as `EST` are refused: they leave open whether
 * summer time is followed.
 */
export function parseZone(text: string): string {
  const found = findZone(text);
  if (found !== undefined) return found;
  const key = text.trim().toLowerCase();
  const place = abbreviations.get(key);
  if (place !== undefined) {
    throw new UserError(`\`${text.trim()}\` leaves summer time open. Name a place: \`${place}\`.`);
  }
  if (/^(utc|gmt)?[+-]\d/.test(key)) {
    throw new UserError(
      `\`${text.trim()}\` is an offset, and an offset has no summer time. Name a place, such as \`Europe/Berlin\`, or \`UTC\`.`,
    );
  }
  const near = nearestZone(key);
  throw new UserError(
    `There is no time zone \`${text.trim()}\`. ` +
      (near === undefined
        ? 'Use an IANA name, such as `Europe/Berlin`, `America/New_York` or `UTC`.'
        : `Did you mean \`${near}\`?`),
  );
}

/** The IANA zone that a name stands for: its id in any case, or a city that names one zone. */
export function findZone(text: string): string | undefined {
  const key = text.trim().toLowerCase().replaceAll(/\s+/g, '_');
  if (key === 'z' || key === 'etc/utc') return 'UTC';
  const known = zonesById.get(key);
  if (known !== undefined) return known;
  const [city, ...rivals] = zonesByCity.get(key) ?? [];
  if (city !== undefined && rivals.length === 0) return city;
  return abbreviations.has(key) || !/^[a-z]/.test(key) ? undefined : normalizeZone(key);
}

/** Whether a word is an abbreviation of a zone: one that `parseZone` refuses with the place to write. */
export function isZoneAbbreviation(word: string): boolean {
  return abbreviations.has(word.toLowerCase());
}

function normalizeZone(id: string): string | undefined {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(id).timeZoneId;
  } catch {
    // Not a zone: the caller says so to the person.
    return undefined;
  }
}

function isSameZone(one: string, other: string): boolean {
  const canonical = (id: string) => new Intl.DateTimeFormat('en', { timeZone: id }).resolvedOptions().timeZone;
  return canonical(one) === canonical(other);
}

function nearestZone(key: string): string | undefined {
  const wanted = key.replaceAll(' ', '_');
  const id = nearest(wanted, zonesById.keys());
  if (id !== undefined) return zonesById.get(id);
  const city = nearest(wanted.slice(wanted.lastIndexOf('/') + 1), cityNames);
  return city === undefined ? undefined : zonesByCity.get(city)?.[0];
}
