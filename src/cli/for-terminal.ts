/** More of a line than this is a value that was given, not what is said of it. */
const maxLineLength = 2_000;

/** A message as a terminal may be shown it: what was quoted can steer it no more, and floods it no more. */
export function forTerminal(text: string): string {
  return text.split('\n').map(shorten).map(showControls).join('\n');
}

function shorten(line: string): string {
  if (line.length <= maxLineLength) return line;
  const half = maxLineLength / 2;
  return `${line.slice(0, half)} … (${line.length - maxLineLength} characters are left out) … ${line.slice(-half)}`;
}

// A tab moves on, and is no more than that. C1 controls steer a terminal as ESC does.
// oxlint-disable-next-line no-control-regex -- what steers a terminal is what is looked for
const controls = /[\0-\x08\x0B-\x1F\x7F-\x9F]/g;

const showControls = (line: string): string =>
  line.replace(controls, (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);
