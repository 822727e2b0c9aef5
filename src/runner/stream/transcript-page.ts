interface PageEntry {
  /** A later part with the same key is written right below, where nothing came between. */
  key?: string;
  atMs: number;
  /** 0 is Claude itself, 1 a subagent. */
  depth: number;
  lines: string[];
}

export interface TranscriptPage {
  add(entry: PageEntry): void;
  /** Whether the last entry has this key. */
  endsWith(key: string): boolean;
}

const timeWidth = 8;

/** Lays entries out: a blank line, the time since the start, the lines below each other, subagents behind a bar. */
export function createPage(startedAtMs: number, write: (text: string) => void): TranscriptPage {
  let lastKey: string | undefined;

  return {
    add({ key, atMs, depth, lines }) {
      const isContinued = key !== undefined && key === lastKey;
      lastKey = key;
      const bars = '│ '.repeat(depth);
      const time = isContinued ? '' : formatOffset(atMs - startedAtMs);
      const laidOut = lines.map((line, index) =>
        `${(index === 0 ? time : '').padStart(timeWidth)}  ${bars}${line}`.trimEnd(),
      );
      write(`${isContinued ? '' : '\n'}${laidOut.join('\n')}\n`);
    },
    endsWith: (key) => key === lastKey,
  };
}

/** `0:07`, `12:34`, `1:02:03`. */
function formatOffset(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}
