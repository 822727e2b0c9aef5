export interface Fence {
  /** What closes it: as many backticks or tildes as opened it. */
  marker: string;
  /** The line that opened it, with the language. */
  line: string;
  /** Where that line begins. */
  at: number;
}

/** The fenced code block of a Markdown text that is still open at its end, by CommonMark's rules. */
export function findOpenFence(text: string): Fence | undefined {
  let open: Fence | undefined;
  let at = 0;
  for (const line of text.split('\n')) {
    const match = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    const marker = match?.[1];
    const info = match?.[2] ?? '';
    if (marker !== undefined) {
      if (open === undefined) {
        if (marker.startsWith('~') || !info.includes('`')) open = { marker, line, at };
      } else if (marker.startsWith(open.marker) && info.trim() === '') {
        open = undefined;
      }
    }
    at += line.length + 1;
  }
  return open;
}
