/** Fingerprints: eight groups of four, compared group by group as they are typed. */

export const GROUPS = 8;
const LETTERS = 4;

/** Blanks, dashes and case do not matter when it is said. */
export const plain = (text: string): string => text.replaceAll(/[^0-9A-Za-z]/g, "").toUpperCase();

export function groupsOf(fingerprint: string): string[] {
  return plain(fingerprint).match(/.{1,4}/g) ?? [];
}

export interface Compared {
  /** Groups of the known one that were said so. */
  right: number;
  /** The first group that was said otherwise, from 1; `null` as long as there is none. */
  wrong: number | null;
  isWhole: boolean;
}

/** What was said so far against what is known. A group counts once it is typed to its end. */
export function compare(known: string, said: string): Compared {
  const expected = groupsOf(known);
  const groups = groupsOf(said);
  const isSame = (group: string, index: number) =>
    group.length < LETTERS ? (expected[index] ?? "").startsWith(group) : group === expected[index];
  const wrong = groups.findIndex((group, index) => !isSame(group, index));
  const right = groups.filter((group, index) => group.length === LETTERS && group === expected[index]).length;
  return {
    right,
    wrong: wrong < 0 ? null : wrong + 1,
    isWhole: wrong < 0 && right === GROUPS && groups.length === GROUPS,
  };
}
