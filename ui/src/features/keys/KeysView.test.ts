import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";

import { FakeBackend, fault } from "../../backend/fake";
import { inventedRows } from "../../backend/fake-keys";
import { WHOLE, type Lens } from "../../backend/filters";
import type { Commands, KeyList } from "../../backend/generated/wire";
import type { Said } from "../../shell";
import KeysView from "./KeysView.svelte";

const NOW = Date.now();

interface More {
  lens?: Lens;
  openKey?: string | null;
  fixed?: string;
  isNew?: boolean;
}

function viewOf(backend: FakeBackend, more: More = {}) {
  const said: Said[] = [];
  const told = {
    onlens: vi.fn(),
    onopenkey: vi.fn(),
    onview: vi.fn(),
    onedit: vi.fn(),
    onchanged: vi.fn(),
    oncopy: vi.fn(),
  };
  const props = {
    backend,
    status: backend.status,
    nowMs: NOW,
    facets: null,
    lens: WHOLE,
    openKey: null,
    fixed: "",
    revision: 0,
    isNew: false,
    place: "",
    isCovered: false,
    onsay: (one: Said) => void said.push(one),
    ...told,
    ...more,
  };
  const { rerender } = render(KeysView, props);
  return { backend, said, told, rerender };
}

async function open(keys: number, more: More = {}) {
  const backend = new FakeBackend({ window: "main", rows: inventedRows(keys, NOW) });
  const shown = viewOf(backend, more);
  await screen.findByText(/^[0-9,]+ keys?$/);
  return shown;
}

const rows = () => within(screen.getByRole("grid")).getAllByRole("row").slice(1);
const chosen = () => rows().find((row) => row.getAttribute("aria-selected") === "true");
const live = (backend: FakeBackend) => backend.rows.filter((row) => row.state !== "archived");
const requests = <C extends keyof Commands>(backend: FakeBackend, wanted: C) =>
  backend.calls
    .filter(({ command }) => command === wanted)
    .map(({ request }) => request as Commands[C]["request"]);
const asked = (backend: FakeBackend): KeyList[] => requests(backend, "list");

test("each row says what a key is, may do and when it is due", async () => {
  const { backend } = await open(24);
  const first = backend.rows[0];
  const [row] = rows();
  if (first === undefined || row === undefined) {
    throw new Error("no row");
  }
  expect(row.textContent).toContain(first.label);
  expect(within(row).getByRole("img", { name: /^May: read/ })).toBeTruthy();
  expect(row.textContent).toMatch(/Expire|Rotat/);
});

test("of ten thousand keys only those in sight are drawn and fetched", async () => {
  const { backend } = await open(10_000);
  expect(screen.getByRole("grid").getAttribute("aria-rowcount")).toMatch(/^9[0-9]{3}$/);
  const drawn = rows().length;
  expect(drawn).toBeLessThan(60);
  await waitFor(() => expect(asked(backend).length).toBeGreaterThan(0));
  const fetched = asked(backend).length;
  expect(fetched).toBeLessThan(6);

  const grid = screen.getByRole("grid");
  const before = new Set(rows());
  await fireEvent.keyDown(grid, { key: "End" });
  await fireEvent.scroll(grid);
  await waitFor(() => expect(chosen()?.textContent).toContain(live(backend).at(-1)?.label));
  expect(asked(backend).length).toBeLessThan(fetched + 4);
  // The same places of the page show other rows: none is made or thrown away.
  expect(rows()).toHaveLength(drawn);
  expect(rows().every((row) => before.has(row))).toBe(true);
});

test("arrows and letters move the chosen row", async () => {
  await open(24);
  const grid = screen.getByRole("grid");
  const at = () => chosen()?.getAttribute("aria-rowindex");
  for (const [key, expected] of [
    ["ArrowDown", "3"],
    ["j", "4"],
    ["k", "3"],
    ["ArrowUp", "2"],
    ["ArrowUp", "2"],
    ["Home", "2"],
  ] as const) {
    await fireEvent.keyDown(grid, { key });
    expect(at(), key).toBe(expected);
  }
  expect(grid.getAttribute("aria-activedescendant")).toBe(chosen()?.id);
});

test("the list moves before anything has the focus", async () => {
  await open(24);
  await fireEvent.keyDown(document.body, { key: "j" });
  expect(chosen()?.getAttribute("aria-rowindex")).toBe("3");
});

test("enter and a click open the key's page, escape closes it", async () => {
  const { backend, told, rerender } = await open(24);
  const grid = screen.getByRole("grid");
  await fireEvent.keyDown(grid, { key: "j" });
  await fireEvent.keyDown(grid, { key: "Enter" });
  const second = live(backend)[1];
  expect(told.onopenkey).toHaveBeenLastCalledWith(second?.id);
  await rerender({ openKey: second?.id ?? null });
  expect(await screen.findByRole("heading", { level: 2, name: second?.label ?? "" })).toBe(
    document.activeElement,
  );
  await fireEvent.keyDown(document.body, { key: "Escape" });
  expect(told.onopenkey).toHaveBeenLastCalledWith(null);
});

test("a list that is read again keeps what is in sight until the answer is there", async () => {
  const { backend, rerender } = await open(300);
  const grid = screen.getByRole("grid");
  await fireEvent.keyDown(grid, { key: "End" });
  await fireEvent.scroll(grid);
  const last = live(backend).at(-1);
  await waitFor(() => expect(chosen()?.textContent).toContain(last?.label));
  const before = asked(backend).length;
  await rerender({ revision: 1 });
  await waitFor(() => expect(asked(backend).length).toBeGreaterThan(before));
  expect(chosen()?.textContent).toContain(last?.label);
  expect(rows().every((row) => row.getAttribute("aria-busy") === "false")).toBe(true);
});

test("slash leads to the search, which asks the agent; escape clears it", async () => {
  const { backend } = await open(24);
  await fireEvent.keyDown(document.body, { key: "/" });
  const search = screen.getByRole<HTMLInputElement>("searchbox", { name: "Search keys" });
  expect(document.activeElement).toBe(search);
  await fireEvent.input(search, { target: { value: "kraken" } });
  await waitFor(() => expect(asked(backend).at(-1)?.filter.text).toBe("kraken"));
  await waitFor(() => expect(rows().every((row) => row.textContent.includes("Kraken"))).toBe(true));
  await fireEvent.keyDown(search, { key: "Escape" });
  await waitFor(() => expect(asked(backend).at(-1)?.filter.text).toBeNull());
});

test("a search without a match says so and offers to clear it", async () => {
  await open(24);
  const search = screen.getByRole("searchbox");
  await fireEvent.input(search, { target: { value: "no such key" } });
  expect(await screen.findByText("No key matches")).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Clear search" }));
  expect(await screen.findByRole("grid")).toBeTruthy();
});

test("an empty vault offers the two ways to fill it", async () => {
  const { told } = await open(0);
  expect(await screen.findByText("No keys yet")).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Import what you have" }));
  expect(told.onview).toHaveBeenCalledWith("import");
  await fireEvent.click(screen.getByRole("button", { name: "Record a key" }));
  expect(told.onedit).toHaveBeenCalledWith({ kind: "new" });
});

test("a vault that was made a moment ago is welcomed", async () => {
  await open(0, { isNew: true });
  expect(await screen.findByText("Your vault is ready")).toBeTruthy();
});

test("a lens asks for what its name says, and its parts are taken off", async () => {
  const part = { of: "tag" as const, value: "desk", name: "desk" };
  const { backend, told, rerender } = await open(60);
  await rerender({ lens: { smart: "due", parts: [] } });
  await waitFor(() => expect(asked(backend).at(-1)?.filter.due_within_days).toBe(30));
  await rerender({ lens: { smart: "over-permissive", parts: [part] } });
  await waitFor(() =>
    expect(asked(backend).at(-1)?.filter).toMatchObject({ over_permissive: true, tag: "desk" }),
  );
  await fireEvent.click(await screen.findByRole("button", { name: "Remove filter desk" }));
  expect(told.onlens).toHaveBeenLastCalledWith({ smart: "over-permissive", parts: [] });
  await rerender({ lens: { smart: "archived", parts: [] } });
  await waitFor(() =>
    expect(asked(backend).at(-1)?.filter).toMatchObject({ archived: true, state: "archived" }),
  );
  expect(await screen.findByRole("heading", { level: 1, name: "Archived" })).toBeTruthy();
});

test("several keys are archived at once, and put back", async () => {
  const { backend, said, told } = await open(24);
  const grid = screen.getByRole("grid");
  await fireEvent.keyDown(grid, { key: " " });
  await fireEvent.keyDown(grid, { key: "ArrowDown", shiftKey: true });
  await fireEvent.keyDown(grid, { key: "ArrowDown", shiftKey: true });
  expect(await screen.findByText("3 keys selected")).toBeTruthy();
  expect(rows().filter((row) => row.getAttribute("aria-selected") === "true")).toHaveLength(3);
  const picked = live(backend).slice(0, 3);
  await fireEvent.click(screen.getByRole("button", { name: "Archive" }));
  await waitFor(() => expect(said.at(-1)?.text).toBe("Archived 3 keys."));
  expect(told.onchanged).toHaveBeenCalled();
  const states = () => picked.map(({ id }) => backend.rows.find((row) => row.id === id)?.state);
  expect(states()).toEqual(["archived", "archived", "archived"]);
  said.at(-1)?.act?.run();
  await waitFor(() => expect(said.at(-1)?.text).toBe("Put 3 keys back as before."));
  expect(states()).toEqual(picked.map(({ state }) => state));
});

test("everything in view is selected by Ctrl+A, and tagged", async () => {
  const { backend, said } = await open(150);
  await fireEvent.keyDown(screen.getByRole("grid"), { key: "a", ctrlKey: true });
  const count = live(backend).length;
  expect(await screen.findByText(`${count} keys selected`)).toBeTruthy();
  const without = live(backend).filter(({ tags }) => !tags.includes("audit")).length;
  await fireEvent.click(screen.getByRole("button", { name: "Add tag" }));
  await fireEvent.input(screen.getByRole("combobox", { name: "Tag for the selected keys" }), {
    target: { value: "audit" },
  });
  await fireEvent.click(screen.getByRole("button", { name: "Add tag" }));
  await waitFor(() => expect(said.at(-1)?.text).toBe(`Tagged ${without} keys “audit”.`));
  expect(live(backend).every(({ tags }) => tags.includes("audit"))).toBe(true);
});

test("where one of several fails, how many did not is said", async () => {
  const { backend, said } = await open(24);
  const grid = screen.getByRole("grid");
  await fireEvent.keyDown(grid, { key: " " });
  await fireEvent.keyDown(grid, { key: "ArrowDown", shiftKey: true });
  const second = live(backend)[1];
  backend.instead.edit = ({ key }) => {
    if (key === second?.id) {
      throw fault("refused", "it was changed elsewhere");
    }
    return { row: second } as Commands["edit"]["reply"];
  };
  await screen.findByText("2 keys selected");
  await fireEvent.click(screen.getByRole("button", { name: "Archive" }));
  await waitFor(() => expect(said.at(-1)?.text).toBe("Archived 1 of 2 keys."));
  expect((await screen.findByRole("alert")).textContent).toContain("1 key was not changed");
});

test("the letter C copies the part of a key that is no secret", async () => {
  const { backend, told } = await open(24);
  const index = live(backend).findIndex(({ exchange, has_secret }) => exchange === "binance" && has_secret);
  const grid = screen.getByRole("grid");
  for (let at = 0; at < index; at += 1) {
    await fireEvent.keyDown(grid, { key: "j" });
  }
  await fireEvent.keyDown(grid, { key: "c" });
  const row = live(backend)[index];
  await waitFor(() => expect(told.oncopy).toHaveBeenCalledWith(row?.id, row?.label, "apiKey"));
});

test("a list that cannot be read says why and is asked for again", async () => {
  const backend = new FakeBackend({ window: "main" });
  backend.instead.list = () => {
    throw fault("no-agent", "the agent went away");
  };
  viewOf(backend);
  expect((await screen.findByRole("alert")).textContent).toContain("The agent cannot be reached");
  delete backend.instead.list;
  await fireEvent.click(screen.getByRole("button", { name: "Read the list again" }));
  expect(await screen.findByRole("grid")).toBeTruthy();
});

test("while the vault is verified the list waits and does not complain", async () => {
  const backend = new FakeBackend({ window: "main" });
  backend.instead.list = () => {
    throw fault("verifying", "still verifying");
  };
  viewOf(backend);
  expect(await screen.findByText(/still being verified/)).toBeTruthy();
  expect(screen.queryByRole("alert")).toBeNull();
});

test("an answer to an older question is thrown away", async () => {
  const { backend } = await open(24);
  let release: () => void = () => undefined;
  const slow = new Promise<void>((done) => (release = done));
  const usual = backend.rows;
  backend.instead.list = async (request) => {
    if (request.filter.text === "slow") {
      await slow;
      return { rows: [], total: 0, next: null };
    }
    return { rows: usual.slice(0, 2), total: 2, next: null };
  };
  const search = screen.getByRole("searchbox");
  await fireEvent.input(search, { target: { value: "slow" } });
  await waitFor(() => expect(asked(backend).at(-1)?.filter.text).toBe("slow"));
  await fireEvent.input(search, { target: { value: "quick" } });
  await waitFor(() => expect(rows()).toHaveLength(2));
  release();
  await Promise.resolve();
  expect(rows()).toHaveLength(2);
});
