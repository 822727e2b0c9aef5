const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** A key or a type longer than this is neither `type` nor worth showing. */
const maxTextBytes = 128;

export interface TypeScan {
  push(bytes: Uint8Array): void;
  /** `undefined` until the type was seen, or where it is no string. */
  found(): string | undefined;
}

/**
 * Finds the value of the `type` key of one JSON object that comes in pieces, without holding the object. Nested `type`s
 * don't count. Input that is no JSON gives `undefined` or nonsense, never an error.
 */
export function createTypeScan(): TypeScan {
  let depth = 0;
  let isInString = false;
  let isEscaped = false;
  let isKeyNext = false;
  let key: string | undefined;
  let text: number[] = [];
  let found: string | undefined;
  let isDone = false;

  function endString(): void {
    isInString = false;
    if (depth !== 1) return;
    const value = readString(text);
    if (isKeyNext) {
      key = value;
    } else if (key === 'type') {
      found = value;
      isDone = true;
    }
  }

  function insideString(byte: number): void {
    if (isEscaped) isEscaped = false;
    else if (byte === backslash) isEscaped = true;
    else if (byte === quote) return endString();
    if (depth === 1 && text.length <= maxTextBytes) text.push(byte);
  }

  function outsideString(byte: number): void {
    switch (byte) {
      case quote:
        isInString = true;
        text = [];
        break;
      case openBrace:
      case openBracket:
        depth += 1;
        isKeyNext = depth === 1 && byte === openBrace;
        break;
      case closeBrace:
      case closeBracket:
        depth -= 1;
        if (depth <= 0) isDone = true;
        break;
      case colon:
        if (depth === 1) isKeyNext = false;
        break;
      case comma:
        if (depth === 1) isKeyNext = true;
        break;
      default:
    }
  }

  return {
    push(bytes) {
      for (let index = 0; index < bytes.length && !isDone; index += 1) {
        const byte = bytes[index] ?? 0;
        if (isInString) insideString(byte);
        else outsideString(byte);
      }
    },
    found: () => found,
  };
}

function readString(bytes: number[]): string | undefined {
  if (bytes.length > maxTextBytes) return undefined;
  try {
    return String(JSON.parse(`"${Buffer.from(bytes).toString('utf8')}"`));
  } catch {
    return undefined;
  }
}
