export const flagNames = [
  'project',
  'when',
  'zone',
  'accept',
  'timeout',
  'retries',
  'budget',
  'model',
  'name',
  'notify',
  'overlap',
  'catch-up',
  'catch-up-within',
] as const;
export type ScheduleFlag = (typeof flagNames)[number];

/** What `edit` takes beside the flags of `schedule`. */
export const editFlagNames = ['goal', ...flagNames, 'add-accept', 'drop-accept', 'owner'] as const;
export type FlagName = (typeof editFlagNames)[number];

interface FlagRule {
  /** How far a value without quotes goes: one word, an amount with its unit, or to the next flag or the line's end. */
  takes: 'word' | 'amount' | 'line';
  allowed: string;
  example: string;
}

export const flagRules: Record<FlagName, FlagRule> = {
  project: { takes: 'word', allowed: 'A project is one of those that `projects` lists.', example: '--project api' },
  when: {
    takes: 'line',
    allowed:
      'A schedule is said in words, in up to 200 characters on one line: `tomorrow at 2am`, `every 6 hours`, `30 7 * * 1-5`.',
    example: '--when "weekdays at 2am"',
  },
  zone: {
    takes: 'word',
    allowed: 'A time zone is an IANA name: `Europe/Berlin`, `America/New_York`, `UTC`.',
    example: '--zone Europe/Berlin',
  },
  accept: {
    takes: 'line',
    allowed: 'A check is a command behind `$ `, or a sentence that is judged; up to 2,000 characters.',
    example: '--accept "$ npm test"',
  },
  timeout: {
    takes: 'amount',
    allowed: 'A time limit is a number with its unit, from 1 min to 7 days: `2h`, `90m`, `1h30m`, `45 min`.',
    example: '--timeout 2h',
  },
  retries: { takes: 'word', allowed: 'Retries are a whole number from 0 to 20.', example: '--retries 2' },
  budget: {
    takes: 'amount',
    allowed: 'A budget is an amount of US dollars, from 0.01 to 10,000: `5`, `5.50`, `$5`, `5 usd`.',
    example: '--budget 5',
  },
  model: {
    takes: 'word',
    allowed: 'A model is one word as Claude Code knows it: `opus`, `sonnet`, or a full model id.',
    example: '--model sonnet',
  },
  name: {
    takes: 'word',
    allowed: 'A name has 1 to 50 lowercase letters, digits and dashes, and begins and ends with a letter or digit.',
    example: '--name upgrade-deps',
  },
  notify: { takes: 'word', allowed: 'Allowed: `failure`, `always` and `never`.', example: '--notify always' },
  overlap: {
    takes: 'word',
    allowed: 'Allowed: `skip`, `queue`, `cancel` and `allow`.',
    example: '--overlap queue',
  },
  'catch-up': { takes: 'word', allowed: 'Allowed: `skip`, `latest` and `all`.', example: '--catch-up all' },
  'catch-up-within': {
    takes: 'amount',
    allowed: 'It is a number with its unit, from 1 min to 7 days: `12h`, `90m`, `2 days`.',
    example: '--catch-up-within 12h',
  },
  goal: { takes: 'line', allowed: 'A goal says what Claude is to do.', example: '--goal "fix the login page"' },
  'add-accept': {
    takes: 'line',
    allowed: 'A check is a command behind `$ `, or a sentence that is judged; up to 2,000 characters.',
    example: '--add-accept "$ npm run lint"',
  },
  'drop-accept': {
    takes: 'line',
    allowed: 'A check is dropped by its text or by its number, counted from 1.',
    example: '--drop-accept 2',
  },
  owner: {
    takes: 'word',
    allowed:
      'An owner is a person, mentioned or by platform and id: `slack:U012AB3CD`, `discord:80351110224678912`, `web:ada`.',
    example: '--owner web:ada',
  },
};
