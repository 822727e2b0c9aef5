import { createTypeScan, type TypeScan } from './top-level-type.ts';

const newline = 0x0a;
const carriageReturn = 0x0d;
const firstBufferBytes = 64 * 1024;

export interface LineReaderOptions {
  /** Longer lines are not handed on as text. 8 MB unless given. */
  maxLineBytes?: number;
  /** One line, without its line break; never empty. */
  onLine(line: string): void;
  /** A line over the limit: the `type` of its object, where it has one, and its length. */
  onLongLine(type: string | undefined, bytes: number): void;
}

export interface LineReader {
  /** Bytes as they come, cut anywhere. The chunk may be reused once this returns. */
  push(chunk: Buffer): void;
  /** Hands on what stands after the last line break, if anything; the reader can be used again. */
  end(): void;
}

/**
 * Cuts a byte stream into lines, holding never more than `maxLineBytes` of it. Uses nothing but `node:`: the supervisor
 * loads it too.
 */
export function createLineReader(options: LineReaderOptions): LineReader {
  const maxLineBytes = options.maxLineBytes ?? 8 * 1024 * 1024;
  let buffer = Buffer.allocUnsafe(Math.min(firstBufferBytes, maxLineBytes));
  let heldBytes = 0;
  let long: { scan: TypeScan; bytes: number; lastByte: number } | undefined;

  function hold(piece: Buffer): void {
    const needed = heldBytes + piece.length;
    if (needed > buffer.length) {
      const grown = Buffer.allocUnsafe(Math.min(maxLineBytes, Math.max(needed, buffer.length * 2)));
      buffer.copy(grown, 0, 0, heldBytes);
      buffer = grown;
    }
    piece.copy(buffer, heldBytes);
    heldBytes = needed;
  }

  function release(): void {
    heldBytes = 0;
    if (buffer.length > firstBufferBytes) buffer = Buffer.allocUnsafe(Math.min(firstBufferBytes, maxLineBytes));
  }

  function take(piece: Buffer): void {
    if (piece.length === 0) return;
    if (long === undefined && heldBytes + piece.length <= maxLineBytes) return hold(piece);
    if (long === undefined) {
      long = { scan: createTypeScan(), bytes: heldBytes, lastByte: 0 };
      long.scan.push(buffer.subarray(0, heldBytes));
      release();
    }
    long.scan.push(piece);
    long.bytes += piece.length;
    long.lastByte = piece.at(-1) ?? 0;
  }

  function endLine(): void {
    if (long !== undefined) {
      const { scan, bytes, lastByte } = long;
      long = undefined;
      options.onLongLine(scan.found(), lastByte === carriageReturn ? bytes - 1 : bytes);
      return;
    }
    const end = heldBytes > 0 && buffer[heldBytes - 1] === carriageReturn ? heldBytes - 1 : heldBytes;
    const line = buffer.toString('utf8', 0, end);
    release();
    if (line !== '') options.onLine(line);
  }

  return {
    push(chunk) {
      let start = 0;
      for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, start)) {
        take(chunk.subarray(start, at));
        endLine();
        start = at + 1;
      }
      take(chunk.subarray(start));
    },
    end: endLine,
  };
}
