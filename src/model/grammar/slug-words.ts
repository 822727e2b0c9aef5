/** Letters that Unicode does not take apart into a plain letter and a mark. */
const folds: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
};

/** The words of a text in lowercase ASCII letters and digits; what has no such letters falls away. */
export function slugWords(text: string): string[] {
  const folded = text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\p{M}'’‘]/gu, '')
    .replaceAll(/[ßæœøđðþłı]/g, (letter) => folds[letter] ?? '');
  return folded.split(/[^a-z0-9]+/).filter((word) => word !== '');
}
