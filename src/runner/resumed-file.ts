import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';

/** A text file that is written from its start once more after a restart. */
export interface ResumedFile {
  write(text: string): void;
  /** Where the next text will stand, in bytes. */
  position(): number;
  close(): void;
}

/**
 * Opens a file (0600) whose text comes again from the start: what the file has already is passed over, so that somebody
 * who reads it by offset meanwhile sees it grow and nothing else. Only where the text differs, as after a change of the
 * configured secrets, is the file cut there and written on. `from`: the byte at which the text begins.
 */
export function openResumedFile(path: string, from = 0): ResumedFile {
  const fd = openSync(path, 'a+', 0o600);
  let existing = fstatSync(fd).size;
  let position = Math.min(from, existing);

  /** How many of the bytes are in the file already. */
  function passOver(bytes: Buffer): number {
    const there = Buffer.alloc(Math.min(bytes.length, existing - position));
    const count = readSync(fd, there, 0, there.length, position);
    if (there.subarray(0, count).equals(bytes.subarray(0, count))) return count;
    ftruncateSync(fd, position);
    existing = position;
    return 0;
  }

  return {
    write(text) {
      const bytes = Buffer.from(text);
      let done = position < existing ? passOver(bytes) : 0;
      position += bytes.length;
      while (done < bytes.length) done += writeSync(fd, bytes, done);
    },
    position: () => position,
    close: () => closeSync(fd),
  };
}
