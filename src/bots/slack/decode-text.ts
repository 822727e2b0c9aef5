/**
 * What a person typed, of what Slack sends: `&amp;` is `&`, `<@U012|ada>` is `slack:U012` as a command names her, a channel
 * or a group has its name, and a link is what it looked like, with its target where the two differ.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export const decodeText = (text: string): string =>
  text
    .replaceAll(/<([^<>|]*)(?:\|([^<>]*))?>/g, (whole, target: string, label: string | undefined) =>
      decodeToken(target, label === '' ? undefined : label, whole),
    )
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

function decodeToken(target: string, label: string | undefined, whole: string): string {
  const [mark, rest] = [target.slice(0, 1), target.slice(1)];
  if (mark === '@') return `slack:${rest}`;
  if (mark === '#') return label === undefined ? `slack:${rest}` : `#${label}`;
  if (mark === '!') return label ?? `@${rest.split('^')[0] ?? ''}`;
  // What a person wrote between angle brackets arrives escaped: this is a link, or nothing that Slack makes.
  if (!/^[a-z][a-z0-9+.-]*:/i.test(target)) return whole;
  if (label === undefined || isWrittenAs(target, label)) return label ?? target;
  return `${label} (${target})`;
}

/** Whether Slack has made the link of the text itself: `example.org`, `ada@example.org`. */
const isWrittenAs = (target: string, label: string): boolean =>
  target.replace(/^(?:https?:\/\/|mailto:|tel:)/i, '').replace(/\/$/, '') ===
  label.replace(/^https?:\/\//i, '').replace(/\/$/, '');
