import type { Inline } from '../../model/message.ts';

/** Inline markup as one line for prompts and logs: code in backticks, instants in ISO 8601. */
export function plainText(content: readonly Inline[]): string {
  return content
    .map((part) => {
      if (typeof part === 'string') return part;
      switch (part.kind) {
        case 'bold':
          return part.text;
        case 'code':
          return `\`${part.text}\``;
        case 'time':
          return new Date(part.atMs).toISOString();
        case 'person':
          return `@${part.id}`;
        case 'link':
          return `${part.text} (${part.url})`;
      }
    })
    .join('');
}
