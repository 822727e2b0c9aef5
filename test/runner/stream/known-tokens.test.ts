import { readFileSync } from 'node:fs';

import { afterAll, expect, test } from 'vitest';

import { createMask } from '../../../src/runner/stream/mask.ts';
import {
  makeDocumented,
  makeFramedSecrets,
  makeHarmless,
  makeTokens,
  seededRandom,
  type MadeToken,
} from '../../fixtures/secret-corpus.ts';

const { text: mask } = createMask([]);
const perKind = 40;
const tokens = makeTokens(seededRandom(7), perKind);
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const percent = (text: string): string =>
  text.replaceAll(/[^a-z]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
const unicode = (text: string): string => text.replaceAll(/\W/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`);
const wrapAt = (text: string, width: number): string => text.replaceAll(new RegExp(`.{${width}}(?=.)`, 'g'), '$&\n');

interface Form {
  name: string;
  write: (made: MadeToken) => string;
  /** What of the secret would give it away in this form. */
  trace: (made: MadeToken) => string;
  least: number;
}

const core = ({ secret }: MadeToken): string => secret.slice(-14);
const forms: Form[] = [
  { name: 'as it is', write: ({ text }) => text, trace: core, least: 1 },
  { name: 'in JSON', write: ({ text }) => JSON.stringify({ out: JSON.stringify({ text }) }), trace: core, least: 1 },
  {
    name: 'in JSON with escapes',
    write: ({ text }) => `"${unicode(text)}"`,
    trace: (made) => unicode(core(made)),
    least: 1,
  },
  {
    name: 'in a URL',
    write: ({ text }) => `https://host/?q=${percent(text)}&x=1`,
    trace: (made) => percent(core(made)),
    least: 0.99,
  },
  ...['', 'u', 'us'].map((before): Form => ({
    name: `in base64 behind ${before.length} bytes`,
    write: ({ text }) => `Basic ${base64(`${before}: ${text} and more of it`)} end`,
    // Inside of the secret's middle, which is the same wherever the encoding began.
    trace: ({ secret, text }) => {
      const whole = base64(`${before}: ${text} and more of it`);
      const middle = Math.floor(((before.length + 2 + text.indexOf(secret) + secret.length / 2) * 4) / 3);
      return whole.slice(middle, middle + 8);
    },
    least: 0.99,
  })),
  {
    name: 'over wrapped lines',
    write: ({ secret }) => wrapAt(`${'x'.repeat(60)} ${secret}`, 80),
    // The line breaks behind 19 characters of it.
    trace: ({ secret }) => (secret.length < 29 ? secret.slice(8, 18) : secret.slice(20, 29)),
    least: 0.97,
  },
];

const report: string[] = [];
afterAll(() => console.log(['', ...report].join('\n')));

test.each(forms)('tokens of known shapes are masked $name', ({ name, write, trace, least }) => {
  for (const made of tokens) expect(write(made)).toContain(trace(made));
  const missed = tokens.filter((made) => mask(write(made)).includes(trace(made)));
  const recall = 1 - missed.length / tokens.length;
  const kinds = [...new Set(missed.map(({ kind }) => kind))].join(', ');
  report.push(
    `recall ${(recall * 100).toFixed(2)} % of ${tokens.length} ${name}${kinds === '' ? '' : `; missed: ${kinds}`}`,
  );
  expect(recall).toBeGreaterThanOrEqual(least);
});

test('tokens in the forms that services document are masked', () => {
  const made = makeDocumented(seededRandom(5), 20);
  // Of the longest run that is no variable's name: what gives it away.
  const core = ({ text }: MadeToken): string => {
    const runs = text.match(/[\w-]{12,}/g)?.filter((run) => !/^[A-Z_]+$/.test(run)) ?? [];
    return (runs.toSorted((one, other) => other.length - one.length)[0] ?? text).slice(-12);
  };
  const missed = made.filter((one) => mask(`the key is ${one.text}, keep it`).includes(core(one)));
  const recall = 1 - missed.length / made.length;
  const kinds = [...new Set(missed.map(({ kind }) => kind))];
  report.push(
    `recall ${(recall * 100).toFixed(2)} % of ${made.length} in documented forms; missed: ${kinds.join('; ')}`,
  );
  // Those have no prefix: nothing tells them from any other number.
  expect(kinds).toEqual(['Datadog', 'Mistral, console.mistral.ai', 'Okta, developer.okta.com']);
});

test.each(makeFramedSecrets(seededRandom(11)))('a $kind is masked', ({ text, secret }) => {
  expect(text.replace('\n', '')).toContain(secret.slice(0, 10));
  expect(mask(text)).not.toContain(secret.slice(0, 10));
  expect(mask(text)).toMatch(/\[masked: [^\]]+\]/);
});

test('what only looks like a secret stays as it is', () => {
  const harmless = makeHarmless(seededRandom(3), 200);
  const wrong = harmless.filter((text) => mask(text) !== text);
  const together = mask(harmless.join('\n')) === harmless.join('\n');
  report.push(
    `false alarms ${wrong.length} of ${harmless.length}${wrong.length > 0 ? `, such as ${mask(wrong[0] ?? '').slice(0, 120)}` : ''}`,
  );
  expect(wrong.length / harmless.length).toBeLessThanOrEqual(0.001);
  expect(together).toBe(true);
});

test('the sources and the lock file of this repository hold no secret', () => {
  for (const file of [
    'package-lock.json',
    'src/runner/run-attempt.ts',
    'docs/architecture.md',
    'src/web/page/app.js',
  ]) {
    const text = readFileSync(file, 'utf8');
    expect(mask(text)).toBe(text);
  }
});

test.each([
  [`ghp_${'a1B2'.repeat(9)}`, '[masked: GitHub token]'],
  [`xoxb-123456789012-1234567890123-${'aB3d'.repeat(6)}`, '[masked: Slack token]'],
  [`npm_${'a1B2'.repeat(9)}`, '[masked: npm token]'],
  [`https://ada:correct-horse-9@github.com/a/b`, 'https://ada:[masked: password in a URL]@github.com/a/b'],
])('the placeholder names the kind: %#', (text, masked) => {
  expect(mask(`before ${text} after`)).toBe(`before ${masked} after`);
});

test('a variable that is known keeps its own name', () => {
  const token = `ghp_${'a1B2'.repeat(9)}`;
  expect(createMask([{ name: 'GITHUB_TOKEN', value: token }]).text(token)).toBe('[masked: GITHUB_TOKEN]');
});

test('only the token goes, and the lines around it stay', () => {
  const token = `glpat-${'a1B2'.repeat(5)}`;
  const text = `first\n${'y'.repeat(70)} ${token}\nlast\n`;
  expect(mask(text)).toBe(`first\n${'y'.repeat(70)} [masked: GitLab token]\nlast\n`);
});
