/** Discord's ids: milliseconds since 2015 and a count, so that they sort by time. */
export function createSnowflakes(now: () => number): () => string {
  let last = 0n;
  return () => {
    const next = BigInt(now() - discordEpochMs) << 22n;
    last = next > last ? next : last + 1n;
    return String(last);
  };
}

const discordEpochMs = Date.UTC(2015, 0, 1);

export const isSnowflake = (text: string): boolean => /^\d{1,20}$/.test(text);
