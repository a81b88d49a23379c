import { expect, test } from "vitest";

import type { AllowlistSummary, Permissions, Tri } from "../backend/generated/wire";
import { cells, inWords } from "./permission";

const LISTED: AllowlistSummary = { kind: "listed", rules: 2 };
const UNRESTRICTED: AllowlistSummary = { kind: "unrestricted" };

function permissions(rights: string): Permissions {
  const tri = { y: "yes", n: "no", u: "unknown" } as const satisfies Record<string, Tri>;
  const at = (index: number) => tri[rights[index] as keyof typeof tri];
  return {
    read: at(0),
    spot: at(1),
    margin: at(2),
    derivatives: at(3),
    transfer: at(4),
    withdraw: at(5),
    sub_accounts: at(6),
    key_admin: at(7),
  };
}

function check(declared: string, observed: string | null, list: AllowlistSummary, words: string) {
  const seen = observed === null ? null : permissions(observed);
  expect(inWords(cells(permissions(declared), seen, list)), declared).toBe(words);
}

test("the strip says in words what its cells show", () => {
  check(
    "yynnnnnn",
    null,
    LISTED,
    "May: read, spot trade; may not: margin, derivatives, internal transfer, withdraw, sub-account admin, key admin.",
  );
  check(
    "uuuuuuuu",
    null,
    LISTED,
    "May: nothing; unknown: read, spot trade, margin, derivatives, internal transfer, withdraw, sub-account admin, key admin.",
  );
});

test("unknown is never shown as no", () => {
  const strip = cells(permissions("yuuuuuuu"), null, LISTED);
  expect(strip.map(({ declared }) => declared)).not.toContain("no");
});

test("what the exchange says otherwise splits the cell; what it does not tell does not", () => {
  const strip = cells(permissions("ynnnnnnn"), permissions("yynnnunn"), LISTED);
  expect(strip.filter((cell) => cell.observed !== null).map((cell) => cell.verb)).toEqual(["spot"]);
  expect(inWords(strip)).toContain("the exchange says otherwise: spot trade granted");
});

test("a right that moves money is dangerous without an allowlist, reading is not", () => {
  const dangerous = (list: AllowlistSummary, observed: Permissions | null = null) =>
    cells(permissions("yynnnynn"), observed, list)
      .filter(({ danger }) => danger)
      .map(({ verb }) => verb);
  expect(dangerous(UNRESTRICTED)).toEqual(["spot", "withdraw"]);
  expect(dangerous(UNRESTRICTED, permissions("yyynnynn"))).toEqual(["spot", "margin", "withdraw"]);
  expect(dangerous(LISTED)).toEqual([]);
});
