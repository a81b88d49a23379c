/**
 * Which columns the list has room for. The narrower it is, the fewer are seen; what a key is stays.
 * All of them are always there: to hide one costs a frame nothing, to make one costs it much.
 */

import { t } from "../../i18n/en";

interface Place {
  name: string;
  title: string;
  /** Widths by the least width of the list that has room for them, the widest first. */
  widths: readonly (readonly [from: number, width: string])[];
}

/** Under this width what is due is said in the fewest words. */
const ROOM_FOR_BARS = 800;
/** From this width on the findings have words. */
const ROOM_FOR_WORDS = 1180;

const PLACES: readonly Place[] = [
  { name: "key", title: t.keys.columns.key, widths: [[0, "minmax(112px, 2.2fr)"]] },
  { name: "account", title: t.keys.columns.account, widths: [[900, "minmax(72px, 1fr)"]] },
  { name: "environment", title: t.keys.columns.environment, widths: [[560, "96px"]] },
  { name: "permissions", title: t.keys.columns.permissions, widths: [[0, "108px"]] },
  { name: "allowlist", title: t.keys.columns.allowlist, widths: [[680, "96px"]] },
  {
    name: "due",
    title: t.keys.columns.due,
    widths: [
      [ROOM_FOR_BARS, "248px"],
      [0, "152px"],
    ],
  },
  { name: "consumers", title: t.keys.columns.consumers, widths: [[1000, "minmax(96px, 1fr)"]] },
  {
    name: "findings",
    title: t.keys.columns.findings,
    widths: [
      [ROOM_FOR_WORDS, "176px"],
      [0, "24px"],
    ],
  },
];

export const COLUMNS: readonly { name: string; title: string }[] = PLACES;

export interface Room {
  /** `grid-template-columns` of those that are seen. */
  template: string;
  /** Classes of the list: `no-account`, `brief` (no bars, no dates), `wordless` (findings without words). */
  classes: string;
}

export function roomFor(width: number): Room {
  const widths = PLACES.map(({ name, widths }) => ({
    name,
    width: widths.find(([from]) => width >= from)?.[1],
  }));
  const classes = widths.filter(({ width }) => width === undefined).map(({ name }) => `no-${name}`);
  if (width < ROOM_FOR_BARS) {
    classes.push("brief");
  }
  if (width < ROOM_FOR_WORDS) {
    classes.push("wordless");
  }
  return {
    template: widths.flatMap(({ width }) => width ?? []).join(" "),
    classes: classes.join(" "),
  };
}
