import { readFileSync } from 'node:fs';

/** What is used of the report of vitest's json reporter. */
interface Report {
  numPassedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { name: string; status: string; message: string; assertionResults: { status: string }[] }[];
}

/**
 * Prints what failed besides the tests, then `N passed, N failed` alone on the last line. A test file that could not be
 * loaded counts as one failure, and so does a step of another kind.
 */
function summarizeTests(report: Report | undefined, codes: Map<string, number>): { lines: string[]; isGood: boolean } {
  const lines: string[] = [];
  const suites = report?.testResults ?? [];
  const failedTests = suites
    .flatMap((suite) => suite.assertionResults)
    .filter((test) => test.status === 'failed').length;
  const failedFiles = suites.filter(
    (suite) => suite.status === 'failed' && !suite.assertionResults.some((test) => test.status === 'failed'),
  );
  for (const { name, message } of failedFiles) lines.push(`${name} could not be run: ${message.split('\n')[0]}`);
  let failed = failedTests + failedFiles.length;
  if ((codes.get('test') ?? 1) !== 0 && failed === 0) {
    failed += 1;
    lines.push(report ? 'The tests passed, but something around them failed: see above.' : 'The tests came to no end.');
  }
  for (const step of ['check', 'chaos']) {
    if ((codes.get(step) ?? 1) === 0) continue;
    failed += 1;
    lines.push(`npm run ${step} failed: see above.`);
  }
  const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  const counts = [`${report?.numPassedTests ?? 0} passed`, `${failed} failed`];
  if (skipped > 0) counts.push(`${skipped} skipped`);
  return { lines: [...lines, counts.join(', ')], isGood: failed === 0 };
}

function readReport(path: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Report;
  } catch {
    // Tests that were ended by their time limit leave an empty file.
    return undefined;
  }
}

const [path = '', ...codes] = process.argv.slice(2);
const codeOf = (text: string): [string, number] => [text.split('=')[0] ?? '', Number(text.split('=')[1])];
const { lines, isGood } = summarizeTests(readReport(path), new Map(codes.map(codeOf)));
for (const line of lines) console.log(line);
process.exitCode = isGood ? 0 : 1;
