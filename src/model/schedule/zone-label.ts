const regions = /^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)\//;

/** How a zone is called in a sentence: `Berlin` for `Europe/Berlin`; a zone that is no place keeps its name. */
export function zoneLabel(zone: string): string {
  return regions.test(zone) ? zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ') : zone;
}
