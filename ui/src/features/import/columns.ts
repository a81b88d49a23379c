/**
 * The columns of a table as the plan tells of them: a place is `Header (line 7)`, and its outcome
 * says what the column was taken for.
 */

import type { ColumnMapping, ImportFieldView } from "../../backend/generated/wire";

/** What a column may be, in the order in which it is offered. */
export const MEANINGS = [
  "exchange",
  "label",
  "account",
  "environment",
  "apiKey",
  "secret",
  "passphrase",
  "uid",
  "accountId",
  "privateKey",
  "walletAddress",
  "token",
  "login",
  "twofa",
] as const;

/** How a column is left out by name. */
export const LEFT_OUT = "-";

export interface Column {
  name: string;
  /** `""` where nothing is known of it. */
  meaning: string;
}

/** Every column of the table, in the order of the file, with what it was taken for. */
export function columnsOf(
  fields: readonly ImportFieldView[],
  given: readonly ColumnMapping[],
): Column[] {
  const found = new Map<string, string>();
  for (const field of fields) {
    const name = /^(.*) \(line [0-9]+\)$/s.exec(field.place)?.[1];
    if (name === undefined) {
      continue;
    }
    const meaning = meaningOf(field);
    if (!found.has(name) || (found.get(name) === "" && meaning !== "")) {
      found.set(name, meaning);
    }
  }
  for (const mapping of given) {
    found.set(mapping.column, mapping.field);
  }
  return [...found].map(([name, meaning]) => ({ name, meaning }));
}

function meaningOf(field: ImportFieldView): string {
  if (field.outcome === "taken") {
    const word = field.detail.split(" ", 1)[0] ?? "";
    return MEANINGS.some((meaning) => meaning === word) ? word : "";
  }
  return "";
}
