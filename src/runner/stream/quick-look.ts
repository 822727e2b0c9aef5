import { serviceHints } from './service-tokens.ts';
import { isWrap } from './text-views.ts';
import { tokenRules } from './token-rules.ts';

/** Shorter runs of letters, digits and `+/_-` hold no token that its beginning does not give away, and none in base64. */
const minRun = 24;

const [lineFeed, carriageReturn] = [0x0a, 0x0d];
const ascii = 128;
const escapes = ['\\/', '\\u', '%0', '%2', '%3', '%4', '%5', '%6', '%7'];
const isInRun = Uint8Array.from({ length: ascii }, (_, code) => (/[\w+/-]/.test(String.fromCharCode(code)) ? 1 : 0));
/** By three characters, seven bits each: whether a token or an escape may begin, or go on, with them. */
const isSuspicious = suspiciousTrigrams();

/**
 * Whether a closer look for tokens is worth it, at many times its speed: false only where `findTokens` finds nothing. Most
 * texts have neither the beginning of a token, nor a long word, nor an escape.
 */
export function mayHoldToken(text: string): boolean {
  if (isSuspicious === undefined) return true;
  let trigram = 0;
  let run = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const low = code & (ascii - 1);
    trigram = ((trigram << 7) | low) & 0x1fffff;
    if (isSuspicious[trigram] === 1) return true;
    run = isInRun[low] === 1 ? run + 1 : 0;
    if (run >= minRun) return true;
    if ((code === lineFeed || code === carriageReturn) && isWrap(text, at)) return true;
  }
  return false;
}

/** `undefined` where a rule has to be asked of every text. */
function suspiciousTrigrams(): Uint8Array | undefined {
  if (tokenRules.some(({ hints }) => hints.length === 0)) return undefined;
  const table = new Uint8Array(ascii ** 3);
  const add = (...codes: number[]): void => {
    table[codes.reduce((key, code) => key * ascii + code)] = 1;
  };
  const hints = [...tokenRules.flatMap((rule) => rule.hints), ...serviceHints, ...escapes];
  for (const hint of hints) {
    const codes = Array.from(hint.length < 3 ? hint : rarestTrigram(hint), (character) => character.charCodeAt(0));
    // What has a single character as its hint has a long run before it.
    if (codes.length === 3) add(...codes);
    else if (codes.length === 2) for (let before = 0; before < ascii; before += 1) add(before, ...codes);
  }
  return table;
}

/** The three characters with the fewest of the common letters. */
function rarestTrigram(hint: string): string {
  const all = Array.from({ length: hint.length - 2 }, (_, at) => hint.slice(at, at + 3));
  const commonIn = (trigram: string): number => trigram.replaceAll(/[^etaoinsrhldc]/g, '').length;
  return all.reduce((rarest, trigram) => (commonIn(trigram) < commonIn(rarest) ? trigram : rarest));
}
