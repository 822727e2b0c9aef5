import { explainRefusal, type Given } from './explain-refusal.ts';
import { Refusal } from './refusal.ts';
import { suggestWords } from './suggest-words.ts';

const maxWordsLength = 500;

/** Reads words; makes a `Refusal` a `UserError` that quotes what was given, with words that `read` does read. */
export function readOrExplain<T>(words: string, read: (words: string) => T, given: Omit<Given, 'words'>): T {
  try {
    if (words.length > maxWordsLength) throw new Refusal(`it is longer than ${maxWordsLength} characters`);
    return read(words);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const isMute = error.reason === undefined && error.suggestions.length === 0;
    const suggestions = isMute ? suggestWords(words, (other) => isRead(() => read(other))) : error.suggestions;
    throw explainRefusal(error.reason, suggestions, { ...given, words });
  }
}

function isRead(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    // Whatever it is refused for: it is no suggestion.
    return false;
  }
}
