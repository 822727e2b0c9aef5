/** What is to be done once nobody reads what is printed. */
export interface Output {
  /** The command has more to do than to print: it goes on without a reader. */
  outliveReader(): void;
}

/**
 * A reader that has seen enough, such as `head`, ends a command that prints, and is no fault. Where output can't be written for
 * another reason, the exit code says so.
 */
export function watchOutput({ stdout, stderr }: Pick<NodeJS.Process, 'stdout' | 'stderr'>): Output {
  let isReaderNeeded = true;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (!isReaderNeeded) return;
    if (error.code === 'EPIPE') process.exit(0);
    stderr.write(`What is printed can't be written: ${error.message}. It has to go to where there is room.\n`);
    process.exit(1);
  });
  // There is no third place to say it.
  stderr.on('error', () => undefined);
  return {
    outliveReader() {
      isReaderNeeded = false;
    },
  };
}
