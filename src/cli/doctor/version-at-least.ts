/** Compares dotted numbers: `2.39.5` is at least `2.31`. */
export function isVersionAtLeast(version: string, least: string): boolean {
  const [given, wanted] = [version, least].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)));
  for (const [index, part] of (wanted ?? []).entries()) {
    const own = given?.[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}

/** The first dotted number in what a program says of itself. */
export const versionIn = (text: string): string | undefined => /\d+\.\d+(?:\.\d+)?/.exec(text)?.[0];
