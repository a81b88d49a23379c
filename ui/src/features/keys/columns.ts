/** Which columns the list has room for. The narrower it is, the fewer; what a key is stays. */

import { t } from "../../i18n/en";

interface Column {
  name: string;
  title: string;
  width: string;
  /** Its title is heard only. */
  quiet?: boolean;
}

/** Under this width what is due is said in the fewest words. */
const ROOM_FOR_BARS = 800;

/** Widths of the list from which a column has its place, and how wide it is. */
const PLACES: readonly (Column & { from: number; to?: number })[] = [
  { name: "key", title: t.keys.columns.key, width: "minmax(112px, 2.2fr)", from: 0 },
  { name: "account", title: t.keys.columns.account, width: "minmax(72px, 1fr)", from: 900 },
  { name: "environment", title: t.keys.columns.environment, width: "96px", from: 560 },
  { name: "permissions", title: t.keys.columns.permissions, width: "108px", from: 0 },
  { name: "allowlist", title: t.keys.columns.allowlist, width: "96px", from: 680 },
  { name: "due", title: t.keys.columns.due, width: "132px", from: 0, to: ROOM_FOR_BARS },
  { name: "due", title: t.keys.columns.due, width: "224px", from: ROOM_FOR_BARS },
  { name: "consumers", title: t.keys.columns.consumers, width: "minmax(96px, 1fr)", from: 1000 },
  { name: "findings", title: t.keys.columns.findings, width: "24px", quiet: true, from: 0, to: 1180 },
  { name: "findings", title: t.keys.columns.findings, width: "176px", from: 1180 },
];

export const isBrief = (width: number): boolean => width < ROOM_FOR_BARS;

export function columnsFor(width: number): Column[] {
  return PLACES.filter(({ from, to }) => width >= from && (to === undefined || width < to));
}
