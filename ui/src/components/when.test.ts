import { expect, test } from "vitest";

import { civil, moment, relative, size } from "./when";

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 24, 12, 0, 0);

test("a distance is told in the largest unit that fits", () => {
  for (const [minutes, words] of [
    [0, "a moment ago"],
    [-0.5, "in a moment"],
    [1, "1 minute ago"],
    [59, "59 minutes ago"],
    [60, "1 hour ago"],
    [47 * 60, "47 hours ago"],
    [48 * 60, "2 days ago"],
    [-90, "in 1 hour"],
    [-3 * 24 * 60, "in 3 days"],
  ] as const) {
    expect(relative(NOW - minutes * MINUTE, NOW), String(minutes)).toBe(words);
  }
});

test("a moment of another year says which", () => {
  expect(moment(NOW - MINUTE, NOW)).toMatch(/^24 Nov, [0-9]{2}:[0-9]{2}$/);
  expect(moment(NOW - 400 * 24 * 60 * MINUTE, NOW)).toContain("2025");
  expect(civil("2026-12-05", 11)).toBe("5 Dec");
  expect(civil("2028-12-05", 742)).toBe("5 Dec 2028");
});

test("sizes have the unit a person would choose", () => {
  for (const [bytes, words] of [
    [0, "0 B"],
    [1023, "1,023 B"],
    [1536, "1.5 KiB"],
    [421_888, "412 KiB"],
    [3_250_586, "3.1 MiB"],
  ] as const) {
    expect(size(bytes)).toBe(words);
  }
});
