import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Toasts } from "./toasts.svelte";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const texts = (toasts: Toasts) => toasts.all.map(({ text }) => text);

test("a sentence is told for a while, longer where somebody reads it", () => {
  const toasts = new Toasts();
  toasts.say({ text: "Archived one." });
  const [told] = toasts.all;
  expect(texts(toasts)).toEqual(["Archived one."]);
  toasts.hold(told?.id ?? 0);
  vi.advanceTimersByTime(60_000);
  expect(texts(toasts)).toEqual(["Archived one."]);
  toasts.release(told?.id ?? 0);
  vi.advanceTimersByTime(8_000);
  expect(texts(toasts)).toEqual([]);
});

test("a copy is counted down, and the next one takes its place", () => {
  const toasts = new Toasts();
  const copy = (name: string) =>
    toasts.countDown(20, (left) => `${name} ${left} s`, { title: "Clear now", run: () => undefined }, `${name} cleared`);
  copy("a");
  vi.advanceTimersByTime(5_100);
  expect(texts(toasts)).toEqual(["a 15 s"]);
  copy("b");
  expect(texts(toasts)).toEqual(["b 20 s"]);
  vi.advanceTimersByTime(20_100);
  expect(texts(toasts)).toEqual(["b cleared"]);
  expect(toasts.all[0]?.act).toBeUndefined();
  vi.advanceTimersByTime(8_100);
  expect(texts(toasts)).toEqual([]);
});

test("no more than three lie over the page", () => {
  const toasts = new Toasts();
  for (const text of ["a", "b", "c", "d"]) {
    toasts.say({ text });
  }
  expect(texts(toasts)).toEqual(["b", "c", "d"]);
});
