import { expect, test } from "vitest";

import { compare, groupsOf } from "./fingerprint";

const KNOWN = "ABCD EFGH IJKL MNOP QRST UVWX YZ23 4567";

test("blanks, dashes and case do not matter", () => {
  expect(groupsOf("abcd-efgh ijkl")).toEqual(["ABCD", "EFGH", "IJKL"]);
  expect(compare(KNOWN, KNOWN.toLowerCase().replaceAll(" ", "-"))).toEqual({ right: 8, wrong: null, isWhole: true });
});

test("what is half typed is neither right nor wrong, and a difference is told by its group", () => {
  for (const [said, right, wrong] of [
    ["", 0, null],
    ["AB", 0, null],
    ["ABCD EF", 1, null],
    ["ABCD EX", 1, 2],
    ["ABCD EFGH IJKX", 2, 3],
    ["XBCD EFGH", 1, 1],
  ] as const) {
    expect(compare(KNOWN, said), said).toEqual({ right, wrong, isWhole: false });
  }
});

test("one group too many is no match", () => {
  expect(compare(KNOWN, `${KNOWN} ABCD`)).toMatchObject({ wrong: 9, isWhole: false });
});
