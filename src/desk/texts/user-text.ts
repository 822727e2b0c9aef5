import { code, line, type Block } from '../../model/message.ts';

/** Text with code in backticks, as errors are written, as lines of markup. */
export function renderUserText(text: string): Block[] {
  return text.split('\n').map((each) => {
    const parts = each.split('`');
    if (parts.length % 2 === 0) return line(each);
    return line(...parts.flatMap((part, index) => (part === '' ? [] : index % 2 === 1 ? [code(part)] : [part])));
  });
}
