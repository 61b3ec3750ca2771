/**
 * Regular expressions that one person writes and another's input is matched against. RE2 matches them: its time grows
 * with the text, whatever the pattern, where an engine that backtracks takes days over forty letters (`^(a+)+$`).
 */
import { RE2JS } from 're2js';

export type Pattern = { test: (text: string) => boolean; toString: () => string };

/** @param source as JavaScript writes it. @throws Error that says what RE2 has not: look-around, back references, long counts */
export function compilePattern(source: string): Pattern {
  try {
    const pattern = RE2JS.compile(RE2JS.translateRegExp(source));
    return { test: (text) => pattern.test(text), toString: () => source };
  } catch (error) {
    throw new Error(`cannot be used as a pattern: ${error instanceof Error ? error.message : 'it is none'}`, {
      cause: error,
    });
  }
}

/** @returns null: it can be used */
export function patternProblem(source: string): string | null {
  try {
    compilePattern(source);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
