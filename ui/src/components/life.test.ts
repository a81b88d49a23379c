import { expect, test } from "vitest";

import type { Due } from "../backend/generated/wire";
import { life } from "./life";

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 23, 12);

function due(days: number): Due {
  const atMs = NOW + days * DAY;
  return { at_ms: atMs, date: new Date(atMs).toISOString().slice(0, 10), days, cause: "a cause" };
}

function check(days: number, kind: "expiry" | "rotation", words: string, tone: string) {
  const shown =
    kind === "expiry"
      ? life(due(days), null, NOW - 60 * DAY, NOW)
      : life(null, due(days), NOW - 60 * DAY, NOW);
  expect(`${shown?.relative}, ${shown?.absolute}`, `${kind} ${days}`).toBe(words);
  expect(shown?.tone, `${kind} ${days}`).toBe(tone);
}

test("what is due is said relative first, with its date", () => {
  check(12, "expiry", "Expires in 12 days, 5 Dec", "amber");
  check(1, "rotation", "Rotate tomorrow, 24 Nov", "amber");
  check(0, "expiry", "Expires today, 23 Nov", "amber");
  check(-1, "expiry", "Expired 1 day ago, 22 Nov", "red");
  check(-3, "rotation", "Rotation 3 days late, 20 Nov", "red");
  check(90, "expiry", "Expires in 90 days, 21 Feb", "quiet");
  check(364, "expiry", "Expires in 364 days, Nov 2027", "quiet");
  check(400, "expiry", "Expires in 1 year, Dec 2027", "quiet");
  check(-53, "rotation", "Rotation 53 days late, 1 Oct", "red");
  check(-1270, "rotation", "Rotation 3 years late, Jun 2023", "red");
});

test("the earlier of expiry and rotation wins, and expiry where both fall together", () => {
  expect(life(due(20), due(10), NOW, NOW)?.kind).toBe("rotation");
  expect(life(due(10), due(20), NOW, NOW)?.kind).toBe("expiry");
  expect(life(due(10), due(10), NOW, NOW)?.kind).toBe("expiry");
  expect(life(null, null, NOW, NOW)).toBeNull();
});

test("today and the reminders stand on the bar", () => {
  const shown = life(null, due(30), NOW - 30 * DAY, NOW);
  expect(shown?.today).toBeCloseTo(0.5);
  // At 30, 14, 7, 3 and 1 days before the end of 60.
  expect(shown?.marks.map((mark) => Math.round(mark * 60))).toEqual([30, 46, 53, 57, 59]);
});

test("a reminder earlier than the last rotation is not on the bar, and today never leaves it", () => {
  const shown = life(due(5), null, NOW - DAY, NOW);
  expect(shown?.marks).toHaveLength(2);
  expect(life(due(-9), null, NOW - 60 * DAY, NOW)?.today).toBe(1);
  // A clock that went back, or a record from the future.
  expect(life(due(9), null, NOW + DAY, NOW)?.today).toBe(0);
});

test("what waits to be seen dead is not called a rotation", () => {
  const ending = { at_ms: NOW, date: "2026-11-24", days: 0, cause: "its revocation is not confirmed" };
  expect(life(null, ending, NOW, NOW)?.relative).toBe("Confirm it is dead");
  expect(life(null, { ...ending, cause: "90 days since the last rotation" }, NOW, NOW)?.relative).toBe("Rotate today");
});
