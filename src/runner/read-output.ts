import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

import { cutLine, excerpt, plainText } from './stream/excerpt.ts';
import type { TextMask } from './stream/mask.ts';

/** Masks a text; `longestSecret` is how many characters one secret may take in it, in whatever form. */
export interface OutputMask extends TextMask {
  longestSecret: number;
}

const limits = { headLines: 60, tailLines: 120, lineCharacters: 600 };
/** Of a longer file only so much of its head and of its tail is read. */
const readBytes = 256 * 1024;
const megabyte = 1024 * 1024;

/**
 * Head and tail of a command's output, masked, and its last line that is not empty. Takes the same memory for a file of
 * any size. A file that is not there is empty output.
 */
export function readOutput(path: string, mask: OutputMask): { output: string; lastLine: string | undefined } {
  const parts = readEnds(path);
  const output =
    parts.leftOutBytes === 0
      ? excerpt(mask(plainText(parts.head)), limits)
      : [
          ...headLines(parts.head, mask),
          `… about ${Math.max(1, Math.round(parts.leftOutBytes / megabyte)).toLocaleString('en-US')} MB left out …`,
          ...tailLines(parts.tail, mask),
        ].join('\n');
  const lastLine = output
    .split('\n')
    .findLast((line) => line.trim() !== '')
    ?.trim();
  return { output, lastLine };
}

// A secret that the reading cut in two is found no more, so what it may have left at the edge goes.
function headLines(text: string, mask: OutputMask): string[] {
  const masked = mask(plainText(text));
  const safe = masked.slice(0, Math.max(0, masked.length - mask.longestSecret));
  return safe.split('\n').slice(0, limits.headLines).map(shorten);
}

function tailLines(text: string, mask: OutputMask): string[] {
  const safe = mask(plainText(text)).slice(mask.longestSecret);
  return safe.replace(/\n$/, '').split('\n').slice(-limits.tailLines).map(shorten);
}

const shorten = (line: string): string => cutLine(line, limits.lineCharacters);

function readEnds(path: string): { head: string; tail: string; leftOutBytes: number } {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { head: '', tail: '', leftOutBytes: 0 };
    throw error;
  }
  try {
    const { size } = fstatSync(file);
    if (size <= 2 * readBytes) return { head: readAt(file, 0, size), tail: '', leftOutBytes: 0 };
    return {
      head: readAt(file, 0, readBytes),
      tail: readAt(file, size - readBytes, readBytes),
      leftOutBytes: size - 2 * readBytes,
    };
  } finally {
    closeSync(file);
  }
}

function readAt(file: number, position: number, length: number): string {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(file, buffer, filled, length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return buffer.toString('utf8', 0, filled);
}
