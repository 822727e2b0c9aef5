import { answerAsModel } from '../demo/model-script.ts';
import { bash, read, say, together, type RecordedRequest, type Turn } from '../test/support/script.ts';

/** Jobs beside the demo's own, so that the lists have something to show. */
export const tourCommands = [
  'schedule Raise the dependencies one at a time, and mend what breaks. --name upgrade-deps --when "weekdays at 2am Berlin" --accept "$ npm test" --budget 5',
  'schedule Read the open issues, and write down which of them are duplicates. --name sort-issues --when "fridays at 6pm Berlin" --retries 0',
  'schedule Bring the docs in line with the code. --name tidy-docs --when "first monday of the month at 9am Berlin"',
  'schedule Look for tests that fail now and then, and say why. --name find-flaky-tests --accept "$ npm test"',
  'pause sort-issues for 3d',
  'run tidy-docs',
];

/** The run that is watched while it works: the last one that the tour starts. */
export const watchedRun = { job: 'find-flaky-tests', id: 'r3', seen: 'twenty times' };

const flaky: Turn[] = [
  together(say('I look at the tests first, then I run them many times.'), read('test/cart.test.js')),
  bash('npm test 2>&1 | tail -n 9'),
  together(
    say('One pass says little. I run them twenty times.'),
    bash('for i in $(seq 20); do echo "pass $i"; sleep 3; done'),
  ),
];

/** The demo's model, which knows one goal more. */
export function answerInTour(request: RecordedRequest): Turn {
  if (!request.prompt.includes('fail now and then')) return answerAsModel(request);
  return flaky[request.turn - 1] ?? say('All of the passes were green.');
}
