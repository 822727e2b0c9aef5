export interface Shown {
  /** What calls somebody or leads to a channel: `@U012`, `#C012`, `!here`. */
  mentions: string[];
  links: { url: string; text: string }[];
  /** Lines that stand neither in a quotation nor in a block of code. */
  outside: string[];
}

/**
 * What Slack's clients make of mrkdwn: whatever stands in angle brackets is a mention, a command or a link, in code as well.
 * See https://docs.slack.dev/messaging/formatting-message-text#advanced
 */
export function shownBySlack(mrkdwn: string): Shown {
  const shown: Shown = { mentions: [], links: [], outside: [] };
  for (const [, inside = ''] of mrkdwn.matchAll(/<([^<>]*)>/g)) {
    if (/^[@#!]/.test(inside) && !inside.startsWith('!date^')) shown.mentions.push(inside);
    const [url = '', text = url] = inside.split('|');
    if (!/^[@#]/.test(inside)) shown.links.push({ url: decode(url), text: decode(text) });
  }
  const withoutCode = mrkdwn.replaceAll(/```[\s\S]*?```/g, '');
  shown.outside = withoutCode.split('\n').filter((line) => line.trim() !== '' && !/^(?:>|&gt;)/.test(line));
  return shown;
}

const decode = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
