import type { FoundToken } from './find-tokens.ts';

/**
 * Tokens of further services, by the prefixes that they document for secret scanning. All are looked for at once where any of
 * the prefixes is there, since most texts have none.
 */
const shapes: readonly [kind: string, prefix: string, shape: RegExp][] = [
  ['DigitalOcean token', 'do[opr]_v1_', /(?<!\w)do[opr]_v1_[a-f0-9]{64}(?!\w)/g],
  ['New Relic key', 'NRAK-', /(?<!\w)NRAK-[A-Z0-9]{27}(?!\w)/g],
  ['Sentry token', 'sntry[su]_', /(?<!\w)sntry(?:s_eyJ[\w+/=-]{40,400}|u_[a-f0-9]{64})/g],
  ['Twilio key', '(?:SK|AC)[0-9a-f]{8}', /(?<!\w)(?:SK|AC)[0-9a-f]{32}(?!\w)/g],
  ['Mailgun key', 'key-[0-9a-z]{8}', /(?<![\w-])key-[0-9a-z]{32}(?![\w-])/g],
  ['Mailchimp key', '-us', /(?<!\w)[0-9a-f]{32}-us\d{1,2}(?!\w)/g],
  ['Telegram bot token', ':AA', /(?<!\w)\d{8,10}:AA[\w-]{32,33}(?![\w-])/g],
  ['Azure storage key', 'AccountKey=', /(?<=AccountKey=)[A-Za-z0-9+/]{86}==/g],
  ['Azure client secret', 'Q~', /(?<![\w~.-])[\w~.]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])/g],
  ['Terraform token', '\\.atlasv1\\.', /(?<!\w)[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,70}/g],
  ['Atlassian token', 'AT(?:ATT3|BB)', /(?<!\w)(?:ATATT3[\w=-]{100,250}|ATBB[A-Za-z0-9]{32}(?!\w))/g],
  ['Airtable token', 'pat[A-Za-z0-9]{14}\\.', /(?<!\w)pat[A-Za-z0-9]{14}\.[a-f0-9]{64}(?!\w)/g],
  ['Supabase token', 'sbp_', /(?<!\w)sbp_(?:v\d_)?[a-f0-9]{40}(?!\w)/g],
  ['PlanetScale token', 'pscale_', /(?<!\w)pscale_(?:tkn|pw|oauth)_[\w=.-]{32,64}/g],
  ['Replicate token', 'r8_', /(?<!\w)r8_[A-Za-z0-9]{37}(?!\w)/g],
  ['xAI key', 'xai-', /(?<![\w-])xai-[A-Za-z0-9]{70,90}(?![\w-])/g],
  ['Perplexity key', 'pplx-', /(?<![\w-])pplx-[A-Za-z0-9]{48,56}(?![\w-])/g],
  ['LangSmith key', 'lsv2_', /(?<!\w)lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}(?!\w)/g],
  ['age key', 'AGE-SECRET-KEY-1', /(?<!\w)AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}(?!\w)/g],
  ['Sonar token', 'sq[pau]_', /(?<!\w)sq[pau]_[a-f0-9]{40}(?!\w)/g],
  ['Dynatrace token', 'dt0[a-z]\\d\\d\\.', /(?<!\w)dt0[a-z]\d\d\.[A-Z2-7]{8,24}\.[A-Z2-7]{64}(?!\w)/g],
  ['Doppler token', 'dp\\.', /(?<!\w)dp\.(?:pt|st|sa|ct|scim|audit)\.(?:[\w-]{2,35}\.)?[A-Za-z0-9]{40,44}(?!\w)/g],
  ['Pulumi token', 'pul-', /(?<![\w-])pul-[a-f0-9]{40}(?![\w-])/g],
  ['RubyGems key', 'rubygems_', /(?<!\w)rubygems_[a-f0-9]{48}(?!\w)/g],
  ['Postman key', 'PMAK-', /(?<!\w)PMAK-[a-f0-9]{24}-[a-f0-9]{34}(?!\w)/g],
  ['Brevo key', 'xkeysib-', /(?<!\w)xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}(?!\w)/g],
  ['Square token', '(?:EAAA|sq0)', /(?<!\w)(?:EAAA[\w-]{60}|sq0(?:atp-[\w-]{22}|csp-[\w-]{43}))(?![\w-])/g],
  ['Fly.io token', 'f[mo]\\d_|FlyV1 ', /(?<!\w)(?:FlyV1 )?(?:fm1[ar]_|fm2_|fo1_)[\w+/=-]{40,2000}/g],
  ['Alibaba key id', 'LTAI', /(?<!\w)LTAI[A-Za-z0-9]{12,24}(?!\w)/g],
  ['Stripe webhook secret', 'whsec_', /(?<!\w)whsec_[A-Za-z0-9+/=]{32,64}/g],
  ['Heroku key', 'HRKU-', /(?<!\w)HRKU-[\w-]{30,80}/g],
];

/** What gives those away that may have no long run of letters and digits. */
export const serviceHints: readonly string[] = [
  'LTAI',
  'Q~',
  '.atlasv1.',
  'pscale_',
  'sntry',
  'FlyV1 ',
  'fm1',
  'fm2_',
  'fo1_',
  'whsec_',
];

const anyPrefix = new RegExp(shapes.map(([, prefix]) => prefix).join('|'));

/** The tokens of these services in a text. */
export function findServiceTokens(text: string): FoundToken[] {
  if (!anyPrefix.test(text)) return [];
  return shapes.flatMap(([kind, , shape]) =>
    [...text.matchAll(shape)].map(({ index, 0: { length } }) => ({ start: index, end: index + length, kind })),
  );
}
