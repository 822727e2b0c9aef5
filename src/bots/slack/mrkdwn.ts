/** What neither a direction of text nor a hidden character may change: control characters, bidi controls, invisible ones. */
const unseen = /[^\P{Cc}\t\n]|[\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;

/** Text without what a reader can't see. Joiners stay: emoji are made with them. */
export const visible = (text: string): string => text.toWellFormed().replaceAll('\r\n', '\n').replaceAll(unseen, '');

/**
 * Text in which Slack finds no mention, link or command.
 * See https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
export const escaped = (text: string): string =>
  visible(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A code span. Slack knows no way to write a backtick in one, so that it gets one that looks like it. */
export const codeSpan = (text: string): string => {
  const inside = escaped(text).replaceAll(/\s+/g, ' ').replaceAll('`', 'ˋ').trim();
  return inside === '' ? '' : `\`${inside}\``;
};

/** A block of preformatted text. Three backticks in it would end it early. */
export const codeBlock = (text: string): string =>
  `\`\`\`\n${escaped(text)
    .replace(/^\n+|\s+$/g, '')
    .replaceAll('```', 'ˋˋˋ')}\n\`\`\``;

/** What must not be cut in two: entities, and everything in angle brackets. */
export const unbroken = /&(?:amp|lt|gt);|<[^<>]*>/g;

/** A link's target as it may stand in angle brackets. */
export const linkTarget = (url: string): string =>
  visible(url)
    .replaceAll(/[\s<>|"`]/g, (character) => encodeURIComponent(character))
    .replaceAll('&', '&amp;');
