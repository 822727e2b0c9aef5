/**
 * What of a text Discord's client would act on beyond showing letters, by its rules in their order: code first, then escapes,
 * then the rest. `raw` is what its server finds, which looks at the text without any markup.
 */
export function whatActs(text: string): string[] {
  const withoutCode = text
    .replaceAll(/```(?:[\w+#-]*\n)?[\s\S]*?```/g, '·')
    // A backslash that is escaped itself escapes nothing.
    .replaceAll(/(?<=(?<!\\)(?:\\\\)*)(``?)(?!`)[\s\S]*?[^`]\1(?!`)/g, '·');
  // An address between angle brackets is a link that shows itself, without a preview.
  const shown = withoutCode.replaceAll(/\\[^0-9A-Za-z\s]/g, '·').replaceAll(/<https?:\/\/[^\s<>]+>/g, '·');
  const found = rules.flatMap(([name, rule]) => [...shown.matchAll(rule)].map(([match]) => `${name}: ${match}`));
  const raw = [...withoutCode.matchAll(/<@[!&]?\d+>|<#\d+>|@(?:everyone|here)\b/g)].map(([match]) => `raw: ${match}`);
  return [...found, ...raw];
}

const rules: [string, RegExp][] = [
  ['mention', /<(?:@[!&]?|#)\d+>/g],
  ['everyone', /@(?:everyone|here)\b/g],
  ['time', /<t:\d+(?::\w)?>/g],
  ['emoji', /<a?:\w+:\d+>|:(?:100|1234|[\w+~-]*[a-z_+~-][\w+~-]*):/gi],
  ['command', /<\/[\w -]+:\d+>|<id:\w+>/g],
  ['masked link', /\[[^\]]*\]\([^)]*\)/g],
  ['spoiler', /\|\|[\s\S]+?\|\|/g],
  ['heading', /^\s*(?:#{1,3}|-#)\s/gm],
  ['preview', /https?:\/\/[^\s<]+/g],
  ['invite', /discord(?:app)?\.(?:gg|com\/invite)\/\w+/g],
  ['hidden', /[\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g],
];
