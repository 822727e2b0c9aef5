/**
 * Characters without a shape: soft hyphens, zero-width spaces and joiners, direction marks, byte order marks. Chat clients
 * leave them in what is copied. For use inside a character class.
 */
export const invisible = '\\u00AD\\u061C\\u180E\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u206F\\uFEFF';

const all = new RegExp(`[${invisible}]+`, 'g');

export function withoutInvisible(text: string): string {
  return text.replaceAll(all, '');
}

export function isBlank(text: string): boolean {
  return withoutInvisible(text).trim() === '';
}
