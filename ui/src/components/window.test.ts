import { expect, test } from "vitest";

import { pool, reveal, rowOf, visible } from "./window";

const ROW = 34;
const HEIGHT = 340;

test("only the rows in sight and a few beyond are drawn", () => {
  expect(visible(0, HEIGHT, ROW, 10_000)).toEqual({ from: 0, to: 13 });
  expect(visible(ROW * 5000, HEIGHT, ROW, 10_000)).toEqual({ from: 4997, to: 5013 });
  expect(visible(ROW * 9990, HEIGHT, ROW, 10_000)).toEqual({ from: 9987, to: 10_000 });
  expect(visible(0, HEIGHT, ROW, 3)).toEqual({ from: 0, to: 3 });
  expect(visible(0, HEIGHT, ROW, 0)).toEqual({ from: 0, to: 0 });
  // A list that became shorter while it was scrolled down.
  expect(visible(ROW * 500, HEIGHT, ROW, 10)).toEqual({ from: 10, to: 10 });
});

test("a chosen row comes into sight by the shortest way", () => {
  expect(reveal(0, HEIGHT, ROW, 3)).toBe(0);
  expect(reveal(0, HEIGHT, ROW, 10)).toBe(ROW);
  expect(reveal(ROW * 20, HEIGHT, ROW, 4)).toBe(ROW * 4);
});

test("a row keeps its place in the pool while it is in sight", () => {
  const size = pool(HEIGHT, ROW);
  const shown = (from: number) => Array.from({ length: size }, (_, slot) => rowOf(slot, from, size));
  for (const from of [0, 1, 13, 9000]) {
    expect([...shown(from)].sort((a, b) => a - b)).toEqual(
      Array.from({ length: size }, (_, at) => from + at),
    );
  }
  const [before, after] = [shown(100), shown(101)];
  expect(before.filter((row, slot) => row !== after[slot])).toEqual([100]);
});
