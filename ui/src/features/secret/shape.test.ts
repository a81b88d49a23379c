import { expect, test } from "vitest";

import type { FieldShape } from "../../backend/generated/wire";
import { shapeHint } from "./shape";

const BINANCE: FieldShape[] = [{ least: 64, most: 64, alphabet: "alphanumeric" }];
const WALLET: FieldShape[] = [{ least: 40, most: 40, alphabet: "hex", prefix: "0x" }];
const EITHER: FieldShape[] = [...BINANCE, { least: 100, most: 4000, alphabet: "pem" }];

test("what is usual is said before, and what differs while typing", () => {
  const check = (value: string, shapes: FieldShape[], words: string, isOdd: boolean) =>
    expect(shapeHint(value, shapes), value).toEqual({ words, isOdd });

  check("", BINANCE, "Usually 64 letters and digits.", false);
  check("a".repeat(63), BINANCE, "Usually 64 letters and digits; this has 63.", true);
  check("a".repeat(64), BINANCE, "Looks right: 64 letters and digits.", false);
  check(`${"a".repeat(63)}-`, BINANCE, "Usually 64 letters and digits; this holds other characters.", true);
  check(
    ` ${"a".repeat(64)}\n`,
    BINANCE,
    "Looks right: 64 letters and digits. The blanks around it are left out.",
    false,
  );
  check("dead", WALLET, "Usually begins with 0x; this does not.", true);
  check(`0x${"0".repeat(40)}`, WALLET, "Looks right: 0x, then 40 hexadecimal digits.", false);
  check("anything", [], "", false);
});

test("a private key in PEM form is one from its first line to its last", () => {
  const pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA\n-----END PRIVATE KEY-----";
  expect(shapeHint(pem, EITHER)).toEqual({
    words: "Looks right: a private key from BEGIN to END.",
    isOdd: false,
  });
  expect(shapeHint(pem.slice(0, -5), EITHER).isOdd).toBe(true);
});
