/** What is due of the invented keys within a year, and reports over them. */

import type { CalendarEntry, KeyRow } from "../generated/wire";
import { fault, type Handlers } from "./handlers";

/** Where the exchange's own rule is not sure. */
const DOUBT = "the exchange says so in one place and not in another";

function entriesOf(rows: readonly KeyRow[], days: number): CalendarEntry[] {
  const of = (row: KeyRow, index: number): CalendarEntry[] => {
    const common = { id: row.id, name: row.label, exchange_name: row.exchange_name };
    const entries: CalendarEntry[] = [];
    if (row.expiry !== null) {
      const isUnsure = index % 4 === 3;
      entries.push({
        ...common,
        kind: isUnsure ? "may-end" : "expiry",
        due: row.expiry,
        effect: "the exchange deletes the key",
        doubt: isUnsure ? DOUBT : null,
      });
    }
    if (row.rotation !== null) {
      entries.push({ ...common, kind: "rotation", due: row.rotation, effect: null, doubt: null });
    }
    return entries;
  };
  return rows
    .filter(({ state }) => state !== "archived" && state !== "revoked")
    .flatMap(of)
    .filter(({ due }) => due.days <= days)
    .sort((a, b) => a.due.at_ms - b.due.at_ms);
}

const requireWhole = (path: string): void => {
  if (!path.startsWith("/") && !path.startsWith("~/")) {
    throw fault("invalid", "name the file with its whole path, from / or ~ on");
  }
};

export function calendarHandlers(rows: () => readonly KeyRow[]): Handlers {
  return {
    calendar: ({ days }) => {
      const entries = entriesOf(rows(), days);
      return { entries: entries.slice(0, 200), total: entries.length };
    },
    calendar_export: ({ days, path }) => {
      requireWhole(path);
      return { path, entries: entriesOf(rows(), days).length };
    },
    report_write: ({ path }) => {
      requireWhole(path);
      return { path, lines: rows().length };
    },
  };
}
