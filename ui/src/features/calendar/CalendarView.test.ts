import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";

import { asked } from "../../../tests/acts";
import { FakeBackend, fault } from "../../backend/fake";
import { inventedRows } from "../../backend/fake-keys";
import type { CalendarEntry } from "../../backend/generated/wire";
import CalendarView from "./CalendarView.svelte";

const NOW = Date.now();

function open(keys = 24, prepare?: (backend: FakeBackend) => void) {
  const backend = new FakeBackend({ window: "main", rows: inventedRows(keys, NOW) });
  prepare?.(backend);
  const told = { onopenkey: vi.fn(), onview: vi.fn() };
  render(CalendarView, { backend, ...told });
  return { backend, told };
}

const entry = (kind: CalendarEntry["kind"], name: string, days: number, doubt: string | null = null): CalendarEntry => ({
  kind,
  id: "7",
  name,
  exchange_name: kind === "review" ? null : "Binance",
  due: {
    at_ms: NOW + days * 86_400_000,
    date: new Date(NOW + days * 86_400_000).toISOString().slice(0, 10),
    days,
    cause: "rotation every 90 days",
  },
  effect: null,
  doubt,
});

test("what is due stands soonest first under its month, what is late above all", async () => {
  const entries = [
    entry("expiry", "late", -3),
    entry("rotation", "soon", 40),
    entry("may-end", "later", 41, "two pages of it differ"),
    entry("expiry", "last", 300),
  ];
  open(3, (fake) => {
    fake.instead.calendar = () => ({ entries, total: 9 });
  });
  const list = await screen.findByRole("group", { name: "What is due, soonest first" });
  expect(screen.getByText("The soonest 4 of 9.")).toBeTruthy();
  const headings = within(list).getAllByRole("heading", { level: 2 }).map(({ textContent }) => textContent);
  expect(headings[0]).toBe("Overdue");
  expect(new Set(headings).size).toBe(headings.length);
  expect(within(list).getAllByText(/^Not sure: /).length).toBeGreaterThan(0);
});

test("each leads to where it is done: a rotation, a key, a vendor", async () => {
  const entries = [entry("rotation", "grid", 3), entry("expiry", "tax", 4), entry("review", "Acme", 5)];
  const { told } = open(3, (fake) => {
    fake.instead.calendar = () => ({ entries, total: 3 });
  });
  await fireEvent.click(await screen.findByTitle("Open grid"));
  expect(told.onopenkey).toHaveBeenLastCalledWith("7", "rotation");
  await fireEvent.click(screen.getByTitle("Open tax"));
  expect(told.onopenkey).toHaveBeenLastCalledWith("7");
  await fireEvent.keyDown(document.body, { key: "j" });
  expect(document.activeElement?.textContent?.trim()).toBe("grid");
  await fireEvent.click(screen.getByTitle("Open Acme"));
  expect(told.onview).toHaveBeenCalledWith("holders", "vendor:Acme");
});

test("what is not sure has no alarm in its tone", async () => {
  open(3, (fake) => {
    fake.instead.calendar = () => ({
      entries: [entry("may-end", "tax", -2, "two pages of it differ")],
      total: 1,
    });
  });
  expect(await screen.findByText("Not sure: two pages of it differ.")).toBeTruthy();
  expect(document.querySelector("li .badge.red")).toBeNull();
});

test("the calendar is written without names unless they are wanted", async () => {
  const { backend } = open();
  await fireEvent.click(await screen.findByRole("button", { name: "Write calendar…" }));
  await fireEvent.click(screen.getByRole("button", { name: "Write calendar" }));
  expect(screen.getByText("Say where the calendar is written.")).toBeTruthy();
  await fireEvent.input(screen.getByLabelText("New file for the calendar"), { target: { value: "due.ics" } });
  await fireEvent.click(screen.getByRole("button", { name: "Write calendar" }));
  expect(await screen.findByText(/name the file with its whole path/)).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Choose…" }));
  await waitFor(() =>
    expect((screen.getByLabelText("New file for the calendar") as HTMLInputElement).value).toBe("/home/ada/strongroom.ics"),
  );
  await fireEvent.click(screen.getByRole("switch"));
  await fireEvent.click(screen.getByRole("button", { name: "Write calendar" }));
  expect(await screen.findByText(/^Wrote \d+ dates to /)).toBeTruthy();
  expect(asked(backend, "calendar_export").map(({ names }) => names)).toEqual([false, true]);
});

test("an answer that does not come is said, and asked for again", async () => {
  const { backend } = open(24, (fake) => {
    fake.instead.calendar = () => {
      throw fault("verifying", "");
    };
  });
  expect(await screen.findByText(/still being verified/)).toBeTruthy();
  delete backend.instead.calendar;
  await fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("group", { name: "What is due, soonest first" })).toBeTruthy();
});

test("a vault in which nothing is due teaches what would stand there", async () => {
  open(0);
  expect(await screen.findByText("Nothing is due within a year")).toBeTruthy();
});
