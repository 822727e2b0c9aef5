import { bash, edit, read, say, together, type RecordedRequest, type Turn } from '../test/support/script.ts';

const wrong = 'return sum - discountPercent;';
const halfRight = 'return sum - (sum * discountPercent) / 100;';
const right = 'return Math.round(sum - (sum * discountPercent) / 100);';

/** The first attempt mends what the goal speaks of, and overlooks the rounding. */
const firstTry: Turn[] = [
  together(say('I look at the cart first.'), read('src/cart.js')),
  together(say('The discount is taken off as cents. It is meant in percent.'), edit('src/cart.js', wrong, halfRight)),
  say('The discount is now taken off in percent.'),
];

/** The second one has been told which test failed. */
const secondTry: Turn[] = [
  together(
    say('The check says that half a cent is not rounded. I look at it again.'),
    bash('npm test 2>&1 | tail -n 20'),
  ),
  read('src/cart.js'),
  edit('src/cart.js', halfRight, right),
  bash('npm test 2>&1 | tail -n 8'),
  say('The total is rounded to whole cents now. All three tests pass.'),
];

const anything: Turn[] = [
  together(say('This is the demo: a script plays the model, so I only leave a note.'), bash('date >> NOTES.md')),
  say('I left a note in NOTES.md. With a model of its own, Claude Code would have worked on the goal.'),
];

/** Plays the model's part in the demo: turn by turn, by what the prompt says. */
export function answerAsModel(request: RecordedRequest): Turn {
  const turns = !request.prompt.includes('discount')
    ? anything
    : request.prompt.includes('rounds half a cent up')
      ? secondTry
      : firstTry;
  return turns[request.turn - 1] ?? say('That is all.');
}
