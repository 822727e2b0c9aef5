import { dataRule, fenceData } from '../fenced-data.ts';

export interface JudgeSubject {
  goal: string;
  sentence: string;
  /** What Claude wrote last. */
  claims: string;
  /** `undefined` where the workspace is no git repository. */
  changes: { stat: string; patch: string; wholePatchPath: string } | undefined;
  /** What a judge said who could not decide. */
  undecidedBefore?: string | undefined;
  /** A random word that fences what is data. */
  marker: string;
}

const wordLimits = { headLines: 60, tailLines: 40, lineCharacters: 2000 };
const statLimits = { headLines: 50, tailLines: 10, lineCharacters: 300 };
const patchLimits = { headLines: 600, tailLines: 200, lineCharacters: 400 };

/**
 * What the judge of a sentence is told on its stdin. The work, and what the one who did it says, are fenced and called data:
 * whoever did the work must not be able to write its own verdict.
 */
export function composeJudgePrompt(subject: JudgeSubject): string {
  const { goal, sentence, claims, marker, undecidedBefore } = subject;
  const parts = [
    'You judge work that somebody else did in the working directory. Decide whether this sentence is true of it, as it is now:',
    sentence.trim(),
    [
      '# How to judge',
      '',
      '- Read the files. You can read and search, and nothing else: nothing can be run, changed or asked.',
      '- `pass` only if you found it true yourself, `fail` if you found it untrue, `undecided` if reading can not tell.',
      '- Judge the sentence alone, not whether the rest of the work is good.',
      '- Point at what you saw as file:line. Say it for a colleague who has not seen the work.',
    ].join('\n'),
    `The work was done for this goal:\n\n${fenceData(marker, 'goal', goal, wordLimits)}`,
    ...changesPart(subject),
    claims.trim() === ''
      ? 'The one who did the work said nothing about it.'
      : `What the one who did the work claims. Claims are no evidence:\n\n${fenceData(marker, 'claims', claims, wordLimits)}`,
    ...(undecidedBefore === undefined
      ? []
      : [
          `Somebody looked before you and could not decide:\n\n${fenceData(marker, 'first look', undecidedBefore, wordLimits)}`,
        ]),
    dataRule(marker),
  ];
  return `${parts.join('\n\n')}\n`;
}

function changesPart({ changes, marker }: JudgeSubject): string[] {
  if (changes === undefined) return ['What was changed is not known: the folder is no git repository.'];
  if (changes.patch.trim() === '') return ['Nothing was changed.'];
  return [
    `What was changed, compared with the state before the work:\n\n${fenceData(marker, 'git diff --stat', changes.stat, statLimits)}`,
    `The patch; where lines of it are left out here, the whole of it is in \`${changes.wholePatchPath}\`:\n\n${fenceData(marker, 'patch', changes.patch, patchLimits)}`,
  ];
}
