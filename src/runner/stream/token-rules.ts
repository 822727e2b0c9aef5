import { rules as presetRules } from '@secretlint/secretlint-rule-preset-recommend';

/** Finds tokens of one kind in a text. */
export interface TokenRule {
  /** As people call it: `GitHub token`. */
  kind: string;
  /** Without any of these in the text there is no token of this kind; empty where that is not known. */
  hints: readonly string[];
  find: (text: string) => { start: number; end: number }[];
}

/** What we use of a rule of secretlint: https://github.com/secretlint/secretlint/blob/master/docs/secretlint-rule.md */
interface PresetRule {
  meta: { id: string; type: string };
  create: (
    context: {
      createTranslator: () => (id: string, facts?: Record<string, unknown>) => Record<string, unknown>;
      report: (found: { message: Record<string, unknown>; range: [number, number] }) => void;
    },
    options: object,
  ) => { file?: (source: { content: string }) => unknown };
}

/** Names and hints of the rules that are known here. A rule that a later version of the preset adds is asked of every text. */
const known: Record<string, { kind: string; hints: readonly string[] }> = {
  aws: { kind: 'AWS secret key', hints: ['ECRET', 'ecret'] },
  npm: { kind: 'npm token', hints: ['npm_', ':x-oauth-basic@', '_authToken='] },
  slack: { kind: 'Slack token', hints: ['xox', 'xapp-', 'hooks.slack.com'] },
  openai: { kind: 'OpenAI key', hints: ['T3BlbkFJ'] },
  anthropic: { kind: 'Anthropic key', hints: ['sk-ant-'] },
  groq: { kind: 'Groq key', hints: ['gsk_'] },
  huggingface: { kind: 'Hugging Face token', hints: ['hf_'] },
  linear: { kind: 'Linear key', hints: ['lin_api_'] },
  notion: { kind: 'Notion token', hints: ['ntn_', 'secret_'] },
  privatekey: { kind: 'private key', hints: ['PRIVATE KEY'] },
  sendgrid: { kind: 'SendGrid key', hints: ['SG.'] },
  shopify: { kind: 'Shopify key', hints: ['shpat_', 'shpca_', 'shppa_', 'shpss_'] },
  stripe: { kind: 'Stripe key', hints: ['sk_live', 'sk_test', 'rk_live', 'rk_test'] },
  github: { kind: 'GitHub token', hints: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'] },
  gitlab: { kind: 'GitLab token', hints: ['glpat-'] },
  grafana: { kind: 'Grafana token', hints: ['glc_', 'glsa_'] },
  '1password': { kind: '1Password token', hints: ['ops_ey'] },
  'hashicorp-vault': { kind: 'Vault token', hints: ['hvs.', 'hvb.', 'hvr.'] },
  vercel: { kind: 'Vercel token', hints: ['vcp_', 'vci_', 'vca_', 'vcr_', 'vck_'] },
  databricks: { kind: 'Databricks token', hints: ['dapi'] },
  docker: { kind: 'Docker token', hints: ['dckr_pat_'] },
  figma: { kind: 'Figma token', hints: ['figd_'] },
  cloudflare: { kind: 'Cloudflare token', hints: ['cfk_', 'cfut_', 'cfat_'] },
  tailscale: { kind: 'Tailscale key', hints: ['tskey-'] },
};

// They go by a file's ending, let comments in a text switch rules off, or take a whole address for its password.
const unfit = new Set(['gcp', 'filter-comments', 'basicauth', 'database-connection-string']);

/**
 * What the preset leaves to others: shapes that the services document for secret scanning, keys whose end is missing, and
 * the services' older or further prefixes.
 */
const ownRules: readonly TokenRule[] = [
  ownRule('Anthropic key', ['sk-ant-'], /(?<![\w-])sk-ant-[\w-]{20,200}/g),
  ownRule('API key', ['sk-'], /(?<![\w-])sk-(?:[a-z0-9]{1,8}-){0,3}[A-Za-z0-9]{32,128}(?![\w-])/g),
  ownRule('OpenAI key', ['sk-'], /(?<![\w-])sk-(?:proj|svcacct|admin)-[\w-]{40,200}/g),
  ownRule('Slack token', ['xox', 'xapp-'], /(?<![\w-])(?:xox[abcdeoprs](?:\.xox[bp])?|xapp)-[\w-]{20,250}/g),
  ownRule(
    'GitHub token',
    ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
    /(?<!\w)(?:gh[opsur]_[A-Za-z0-9]{36,255}|github_pat_\w{60,255})/g,
  ),
  ownRule(
    'GitLab token',
    ['glpat-', 'gloas-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glft-', 'glimt-', 'glagent-', 'glsoat-', 'glffct-'],
    /(?<!\w)gl(?:pat|oas|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct)-[\w.-]{20,128}/g,
  ),
  ownRule('AWS key id', ['AKIA', 'ASIA'], /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])/g),
  ownRule('Google key', ['AIza'], /(?<![\w-])AIza[\w-]{35}(?![\w-])/g),
  ownRule('Google token', ['ya29.', 'GOCSPX-'], /(?<![\w-])(?:ya29\.[\w-]{40,1000}|GOCSPX-[\w-]{28})(?![\w-])/g),
  ownRule('Hugging Face token', ['hf_'], /(?<!\w)hf_[A-Za-z0-9]{34,40}(?!\w)/g),
  ownRule('SendGrid key', ['SG.'], /(?<![\w-])SG\.[\w-]{20,24}\.[\w-]{39,50}(?![\w-])/g),
  ownRule('1Password token', ['ops_eyJ'], /(?<!\w)ops_eyJ[\w+/=-]{100,2000}/g),
  ownRule('PyPI token', ['pypi-AgE'], /(?<![\w-])pypi-AgE[\w-]{50,1000}/g),
  ownRule('Discord token', ['.'], /(?<![\w.-])[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}(?![\w-])/g),
  ownRule(
    'Discord webhook',
    ['/api/webhooks/'],
    /https:\/\/(?:\w+\.)?discord(?:app)?\.com\/api\/webhooks\/\d{17,20}\/[\w-]{60,80}/g,
  ),
  ownRule('JSON web token', ['eyJ'], /(?<![\w-])eyJ[\w-]{10,2000}\.eyJ[\w-]{10,6000}\.[\w-]{20,1000}/g),
  ownRule(
    'password in a URL',
    ['://'],
    /(?<=\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@'"`<>{}$%]{0,100}:)[^\s/:@'"`<>{}$*]{6,200}(?=@[\w[])/gi,
  ),
  ownRule(
    'private key',
    ['PRIVATE KEY'],
    // The end may be cut off; numbers, arrows and signs stand before the lines in listings and diffs.
    /-----BEGIN (?:[A-Z0-9]{1,10} )?PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=\s\\→|,:.()-]{0,200}?[A-Za-z0-9+/]{40}[A-Za-z0-9+/=\s\\→|]{0,10000}(?:-----END [A-Z0-9 ]{1,30}-----)?/g,
  ),
];

function ownRule(kind: string, hints: readonly string[], shape: RegExp): TokenRule {
  return {
    kind,
    hints,
    find: (text) =>
      [...text.matchAll(shape)].map(({ index, 0: { length } }) => ({ start: index, end: index + length })),
  };
}

function fromPreset(rule: PresetRule): TokenRule[] {
  const id = rule.meta.id.replace('@secretlint/secretlint-rule-', '');
  if (unfit.has(id)) return [];
  const { kind, hints } = known[id] ?? { kind: `${id} secret`, hints: [] };
  return [{ kind, hints, find: (text) => findWith(rule, text) }];
}

function findWith(rule: PresetRule, content: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  const context: Parameters<PresetRule['create']>[0] = {
    createTranslator: () => (_id, facts) => ({ ...facts }),
    report({ message, range: [start, end] }) {
      // Where a rule looks for `key = <value>`, its range has the value's length and begins at the key (13.0.7).
      const values = Object.values(message).filter(
        (value) => typeof value === 'string' && value.length === end - start,
      );
      const at = values.map((value) => content.indexOf(String(value), start)).find((index) => index >= 0) ?? start;
      found.push({ start: at, end: at + (end - start) });
    },
  };
  rule.create(context, {}).file?.({ content });
  return found;
}

/** All kinds; the first one that finds a place names it. */
export const tokenRules: readonly TokenRule[] = [
  ...(presetRules as unknown as PresetRule[]).flatMap(fromPreset),
  ...ownRules,
];
