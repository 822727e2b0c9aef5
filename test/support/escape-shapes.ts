import { fileURLToPath } from 'node:url';

const forkStorm = fileURLToPath(new URL('../fixtures/commands/fork-storm.sh', import.meta.url));
// Shows the mark as its name.
const named = `bash -c 'exec -a "$0" sleep 300' "$MARK"`;

/** Ways in which what a command starts gets out of its sight: bash, with `$MARK` as the name of what is started. */
export const escapeShapes = {
  'background child': `${named} &`,
  nohup: `nohup ${named} >/dev/null 2>&1 &`,
  setsid: `setsid ${named} &`,
  'double fork': `(setsid ${named} &)`,
  'ignored signals': `bash -c "trap '' TERM INT HUP; exec -a \\"$MARK\\" sleep 300" &`,
  stopped: `bash -c 'kill -STOP $$; sleep 300' "$MARK" &`,
  'fork storm': `bash ${forkStorm} "$MARK" $(($(date +%s) + 60)) &`,
  'env -i': `env -i ${named} &`,
  daemon: `(cd / && setsid env -i "$BASH" -c '("$BASH" -c "exec -a $0 sleep 300" &)' "$MARK" </dev/null >/dev/null 2>&1 &)`,
} as const;

/** Starts the shape and goes on until the file `go` is there, or somebody ends it. */
export const escapeScript = (shape: keyof typeof escapeShapes, go: string): string =>
  `${escapeShapes[shape]}\nuntil [ -e ${go} ]; do sleep 0.02; done`;
