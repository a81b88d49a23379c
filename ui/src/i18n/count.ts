/** Counts in words, for every part of the strings. */

import { numeral } from "./format";

/** "1 key", "1,200 keys". */
export const plural = (count: number, one: string, many: string): string =>
  `${numeral(count)} ${count === 1 ? one : many}`;

/** "12 days", "3 years": exact where it matters; the date stands beside it. */
export const span = (days: number): string =>
  days < 365 ? plural(days, "day", "days") : plural(Math.floor(days / 365), "year", "years");
