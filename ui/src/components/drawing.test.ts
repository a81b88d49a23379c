import { flushSync } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Drawing, type Wanted } from "./drawing.svelte";

const SIZE = 40;

let frames: FrameRequestCallback[] = [];

beforeEach(() => {
  frames = [];
  vi.stubGlobal("requestAnimationFrame", (frame: FrameRequestCallback) => frames.push(frame));
  vi.stubGlobal("cancelAnimationFrame", () => (frames = []));
});
afterEach(() => vi.unstubAllGlobals());

const rows = (from: number, name = "row", total = 1_000): Wanted<string>[] =>
  Array.from({ length: SIZE }, (_, at) => {
    const index = from + at;
    return { index, row: index < total ? `${name} ${index}` : undefined, isUsed: index < total };
  });

const shown = (drawing: Drawing<string>) => drawing.places.map(({ row }) => row);

function frame(): void {
  const due = frames;
  frames = [];
  due.forEach((one) => one(performance.now()));
}

function drawn(): Drawing<string> {
  const drawing = new Drawing<string>(() => undefined);
  drawing.want(rows(0), 0);
  flushSync();
  return drawing;
}

test("a pool that shows nothing is drawn at once, and a pool that shows the right rows never again", () => {
  const drawing = drawn();
  expect(shown(drawing)).toEqual(rows(0).map(({ row }) => row));
  drawing.want(rows(0), 0);
  expect(frames).toHaveLength(0);
});

test("what changed is drawn over several frames, from the first row in sight on", () => {
  const drawing = drawn();
  drawing.want(rows(500), 510);
  expect(shown(drawing)).toContain("row 0");
  frame();
  const first = shown(drawing).filter((row) => row !== undefined && Number(row.split(" ")[1]) >= 500);
  expect(first.length).toBeGreaterThan(0);
  expect(first.length).toBeLessThan(SIZE);
  expect(first[0]).toBe("row 510");
  let count = 1;
  while (frames.length > 0) {
    frame();
    count += 1;
  }
  expect(count).toBeGreaterThan(1);
  expect(shown(drawing)).toEqual(rows(500).map(({ row }) => row));
});

test("a jump while another is drawn leaves nothing of it behind", () => {
  const drawing = drawn();
  drawing.want(rows(100), 100);
  frame();
  drawing.want(rows(900), 900);
  expect(frames).toHaveLength(1);
  while (frames.length > 0) {
    frame();
  }
  expect(shown(drawing)).toEqual(rows(900).map(({ row }) => row));
});

test("rows that are on their way come last, and the end of the list is not drawn", () => {
  const drawing = drawn();
  const wanted = rows(980, "row", 1_000).map((one, at) => (at === 0 ? { ...one, row: undefined } : one));
  drawing.want(wanted, 980);
  frame();
  expect(drawing.places[0]?.row).toBe("row 0");
  while (frames.length > 0) {
    frame();
  }
  expect(drawing.places[0]?.row).toBeUndefined();
  expect(drawing.places.filter(({ isUsed }) => isUsed)).toHaveLength(20);
});

test("nothing is drawn after the end", () => {
  const drawing = drawn();
  drawing.want(rows(300), 300);
  drawing.end();
  expect(frames).toHaveLength(0);
});
