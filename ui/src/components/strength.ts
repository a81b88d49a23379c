/**
 * A first estimate of a password by its length and variety, to save a round trip. The agent
 * judges with a list of what people choose; what it says counts.
 */

export type Strength = "empty" | "short" | "weak" | "fair" | "good";

/** The least the agent takes. */
export const LEAST_CHARACTERS = 12;

export function strength(password: string): Strength {
  const letters = [...password];
  if (letters.length === 0) {
    return "empty";
  }
  if (letters.length < LEAST_CHARACTERS) {
    return "short";
  }
  const score = bits(letters);
  return score < 45 ? "weak" : score < 65 ? "fair" : "good";
}

/** Bits by alphabet and length; what repeats or counts on adds next to nothing. */
function bits(letters: readonly string[]): number {
  const text = letters.join("");
  let alphabet = 0;
  alphabet += /[a-z]/.test(text) ? 26 : 0;
  alphabet += /[A-Z]/.test(text) ? 26 : 0;
  alphabet += /[0-9]/.test(text) ? 10 : 0;
  alphabet += /[ -/:-@[-`{-~]/.test(text) ? 20 : 0;
  alphabet += /[^ -~]/.test(text) ? 100 : 0;
  const codes = letters.map((letter) => letter.codePointAt(0) ?? 0);
  const fresh = codes.filter((code, index) => {
    const step = Math.abs(code - (codes[index - 1] ?? -10));
    return step > 1;
  }).length;
  const variety = Math.min(1, new Set(letters).size / Math.min(letters.length, 10));
  // Words are guessed as words: a letter in one is worth about half of a random one.
  const share = /[A-Za-z]{4,}/.test(text) ? 0.55 : 0.85;
  return fresh * Math.log2(Math.max(2, alphabet)) * variety * share;
}
