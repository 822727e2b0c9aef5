// Control characters, and characters without a shape but joiners, which emoji and some scripts need: they hide text, turn its
// direction, or break up a word that people look for.
const hidden =
  /[^\P{Cc}\t\n]|[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

/** The text without characters that hide or turn text, and without halves of characters: Discord takes no message with one. */
export const withoutHidden = (text: string): string =>
  text.toWellFormed().replaceAll('\r\n', '\n').replaceAll(hidden, '');

/** Text as Discord shows it letter by letter: no markup, no mention, no emoji name, no link, no preview of an invite. */
export function escapeText(text: string): string {
  return defuseMentions(
    withoutHidden(text)
      .replaceAll(/[\\*_~`|<[\]]/g, String.raw`\$&`)
      .replaceAll(/^([ \t]*)([#>+-])/gm, String.raw`$1\$2`)
      .replaceAll(/^([ \t]*\d+)\./gm, String.raw`$1\.`)
      .replaceAll(/:(?=(?:100|1234|[\w+~-]{0,40}[a-z_+~-][\w+~-]{0,40}):|\/\/)/gi, String.raw`\:`)
      .replaceAll(/(discord(?:app)?)\.(?=gg|com)/gi, String.raw`$1\.`),
  );
}

/**
 * Takes the meaning from mentions in any markup. `allowed_mentions` keeps them from telling anybody; this keeps them from
 * looking as if they did.
 */
const defuseMentions = (text: string): string =>
  text.replaceAll(/@(?=everyone|here)/gi, '@\u200b').replaceAll(/<(?=\\?[@#])/g, '<\u200b');

/** Code within a line. Backslashes mean nothing in it, so that backticks need a longer fence, or a character like them. */
export function inlineCode(text: string): string {
  const shown = withoutHidden(text).replaceAll(/\s*\n\s*/g, ' ');
  if (shown.trim() === '') return '';
  if (!shown.includes('`')) return `\`${shown}\``;
  // Three would be a block.
  if (/``/.test(shown)) return `\`${shown.replaceAll('`', 'ˋ')}\``;
  return `\`\` ${shown} \`\``;
}

/** A block of code that nothing in `text` can end. */
export function codeBlock(text: string): string {
  const shown = withoutHidden(text)
    .replace(/\n+$/, '')
    .replaceAll(/`(?=``)/g, '`\u200b');
  return shown.trim() === '' ? '' : `\`\`\`\n${shown}\n\`\`\``;
}
