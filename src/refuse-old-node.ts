const oldestMajor = 24;

/** Why nightdesk can't run on this version of Node, for the terminal; `undefined` where it can. */
export function refuseOldNode(version: string): string | undefined {
  const major = Number.parseInt(version, 10);
  if (major >= oldestMajor) return undefined;
  return (
    `nightdesk needs Node ${oldestMajor} or newer; this is Node ${version}.\n` +
    `Run it with a newer one from https://nodejs.org, or in a checkout with npm: npm ci && npm run -s nightdesk -- start`
  );
}
