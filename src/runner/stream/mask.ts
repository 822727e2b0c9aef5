import { parseEnv } from 'node:util';

import { isSecretName } from '../../model/secret.ts';
import { findTokens } from './find-tokens.ts';
import { maskSeams, type SecretPlace } from './mask-seams.ts';

export interface Secret {
  /** The variable's name, shown in the value's place. */
  name: string;
  value: string;
}

export interface Mask {
  /**
   * Replaces every secret by `[masked: NAME]`, and what has the shape of a token by its kind: `[masked: GitHub token]`. Give
   * it whole texts: half a secret is found no more.
   */
  text: (text: string) => string;
  /** Takes out of texts that stood one behind the other what reaches from one into the next; each still needs `text`. */
  across: (texts: string[]) => string[];
}

/** `text` of a mask, with `across` where it has one. */
export interface TextMask {
  (text: string): string;
  across?: Mask['across'];
}

/** Shorter values are too common to be replaced: `true`, `8080`. */
const minCharacters = 6;
/** A line of a private key alone gives it away as well. */
const minLineCharacters = 16;
/** Of a secret inside a longer text in base64, as much as does not depend on its neighbours. */
const minCoreCharacters = 10;
/** A private key of 4096 bits in base64: the longest of the known shapes that people meet. */
export const longestToken = 6_000;

/**
 * Finds the values as they are, line by line where they have several, and as JSON, URLs and base64 write them; the longest
 * first, so that a secret which begins like another is replaced as a whole.
 */
export function createMask(secrets: Secret[]): Mask {
  const forms = new Map<string, string>();
  for (const { name, value } of secrets) {
    for (const form of formsOf(value)) if (!forms.has(form)) forms.set(form, name);
  }
  const longestFirst = [...forms.keys()].sort((a, b) => b.length - a.length);
  const widest = Math.max(longestToken, longestFirst[0]?.length ?? 0);

  /** Undefined where the text holds none: a plain search is fast, also over megabytes, and most texts hold none. */
  function patternFor(text: string): RegExp | undefined {
    const present = longestFirst.filter((form) => text.includes(form));
    return present.length === 0 ? undefined : new RegExp(present.map((form) => RegExp.escape(form)).join('|'), 'g');
  }

  function placesIn(text: string): SecretPlace[] {
    const pattern = patternFor(text);
    const known = pattern === undefined ? [] : [...text.matchAll(pattern)];
    return [
      ...known.map(({ index, 0: form }) => ({
        start: index,
        end: index + form.length,
        name: forms.get(form) ?? '',
      })),
      ...findTokens(text).map(({ start, end, kind }) => ({ start, end, name: kind })),
    ];
  }

  return {
    text(text) {
      const pattern = patternFor(text);
      if (pattern === undefined) return maskTokens(text);
      return maskTokens(text.replace(pattern, (form) => `[masked: ${forms.get(form) ?? ''}]`));
    },
    across: (texts) => maskSeams(texts, placesIn, widest),
  };
}

function maskTokens(text: string): string {
  const tokens = findTokens(text);
  if (tokens.length === 0) return text;
  const parts = tokens.map(({ start, kind }, at) => `${text.slice(tokens[at - 1]?.end ?? 0, start)}[masked: ${kind}]`);
  return parts.join('') + text.slice(tokens.at(-1)?.end ?? 0);
}

function formsOf(value: string): string[] {
  const trimmed = value.trim();
  if (trimmed.length < minCharacters) return [];
  const lines = trimmed.split(/\r?\n/).map((line) => line.trim());
  const keyLines = lines.filter((line) => line.length >= minLineCharacters && !line.startsWith('-----'));
  const plain = [trimmed, ...(lines.length > 1 ? keyLines : [])];
  return plain.flatMap((text) => [text, inJson(text), encodeURIComponent(text.toWellFormed()), ...inBase64(text)]);
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** The text in base64 by itself, and what of it stays the same at each place where it can stand in a longer text. */
function inBase64(text: string): string[] {
  const bytes = Buffer.from(text);
  const alone = [bytes.toString('base64'), bytes.toString('base64url')];
  const cores = [0, 1, 2].flatMap((before) => {
    const firstWhole = Math.ceil((before * 8) / 6);
    const wholeCharacters = Math.floor(((before + bytes.length) * 8) / 6) - firstWhole;
    if (wholeCharacters < minCoreCharacters) return [];
    const shifted = Buffer.concat([Buffer.alloc(before), bytes]);
    return [shifted.toString('base64'), shifted.toString('base64url')].map((encoded) =>
      encoded.slice(firstWhole, firstWhole + wholeCharacters),
    );
  });
  return [...alone, ...cores];
}

/** The variables that are named like secrets, and the passwords inside URLs, such as that of a `DATABASE_URL`. */
export function secretsOf(env: Record<string, string>): Secret[] {
  return Object.entries(env).flatMap(([name, value]) => {
    const passwords = passwordsOf(value).map((password) => ({ name, value: password }));
    const isSecret = isSecretName(name) || passwords.length > 0;
    return isSecret && value.trim().length >= minCharacters ? [{ name, value }, ...passwords] : passwords;
  });
}

/** The secrets of a `.env` file, by the names of its variables. */
export function secretsOfDotenv(text: string): Secret[] {
  const entries = Object.entries(parseEnv(text));
  return secretsOf(Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined)));
}

/** Also as it is written in the URL, where it may be encoded. */
function passwordsOf(value: string): string[] {
  const found = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s@]+)@/i.exec(value.trim())?.[1];
  if (found === undefined) return [];
  const passwords = new Set([found, decoded(found)]);
  return [...passwords].filter((password) => password.length >= minCharacters);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
