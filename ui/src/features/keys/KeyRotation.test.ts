import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";

import { asked, push } from "../../../tests/acts";
import { FakeBackend, fault } from "../../backend/fake";
import { inventedRows } from "../../backend/fake-keys";
import type { KeyRow, Permissions } from "../../backend/generated/wire";
import type { Said } from "../../shell";
import KeyPage from "./KeyPage.svelte";
import { growth, rightsOf } from "./rotating.svelte";

const NOW = Date.now();
const ADDRESS = "https://www.binance.com/en/my/settings/api-management";

async function open(section = "", change: Partial<KeyRow> = {}) {
  const backend = new FakeBackend({ window: "main", rows: inventedRows(60, NOW) });
  const found = backend.rows.find(
    (one) => one.state === "active" && one.has_secret && one.exchange === "binance" && !one.conflict,
  );
  if (found === undefined) {
    throw new Error("no row");
  }
  const row: KeyRow = { ...found, consumers: ["bot", "tax"], observed: null, ...change };
  backend.rows = backend.rows.map((one) => (one.id === row.id ? row : one));
  const said: Said[] = [];
  const props = {
    backend,
    id: row.id,
    nowMs: NOW,
    fixed: "",
    takesFocus: false,
    onclose: vi.fn(),
    onopenkey: vi.fn(),
    onlens: vi.fn(),
    onhealth: vi.fn(),
    onedit: vi.fn(),
    oncopy: vi.fn(),
    onput: vi.fn(),
    onsection: vi.fn(),
    onsay: (one: Said) => void said.push(one),
  };
  const drawn = render(KeyPage, { ...props, section, revision: 0 });
  await screen.findByRole("heading", { level: 2, name: row.label });
  let revision = 0;
  const look = async (to = section) => {
    revision += 1;
    await drawn.rerender({ ...props, section: to, revision });
  };
  return { backend, row, said, props, look };
}

/** As the small window does it: the page only hears of it. */
async function stage(backend: FakeBackend, row: KeyRow, look: () => Promise<void>) {
  await backend.call("rotate_stage", { key: row.id, fields: [] });
  const task = { kind: "stage-secret" as const, key: row.id, label: row.label, exchange: row.exchange };
  backend.tell({ kind: "finished", task, outcome: { kind: "staged", warnings: ["it looks short"] } });
  await look();
}

test("a rotation is carried through, each step with its one act", async () => {
  const { backend, row, said, look } = await open("rotation");
  await push("Start rotation");
  expect(await screen.findByText(ADDRESS)).toBeTruthy();
  expect(screen.getByRole("button", { name: `Copy address: ${ADDRESS}` })).toBeTruthy();

  await push("Type new secret…");
  await waitFor(() =>
    expect(asked(backend, "open_window")).toEqual([
      { task: { kind: "stage-secret", key: row.id, label: row.label, exchange: row.exchange } },
    ]),
  );
  await stage(backend, row, look);
  expect(await screen.findByText("it looks short")).toBeTruthy();

  await push("Keep these rights");
  await waitFor(() => expect(asked(backend, "rotate_check")).toHaveLength(1));
  expect(asked(backend, "rotate_check")[0]).toEqual({
    key: row.id,
    rights: row.declared,
    growth_meant: false,
    expires_ms: null,
  });

  const bot = await screen.findByRole("checkbox", { name: "bot has the new secret" });
  await fireEvent.click(bot);
  await waitFor(() => expect(screen.getByText("has it")).toBeTruthy());
  await fireEvent.click(screen.getByRole("checkbox", { name: "tax has the new secret" }));
  expect(asked(backend, "rotate_switch").map(({ who }) => who)).toEqual([
    { kind: "consumers", names: ["bot"] },
    { kind: "consumers", names: ["tax"] },
  ]);

  await push("End old key");
  await push("Confirm it is dead");
  expect(screen.getByText(/Look at the exchange first/)).toBeTruthy();
  expect(asked(backend, "rotate_confirm")).toEqual([]);
  await push("Confirm it is dead");
  await waitFor(() => expect(said.at(-1)?.text).toBe(`Rotated ${row.label}. The old secret counts as dead.`));
});

test("more rights than before are typed out before they are kept", async () => {
  const { backend, row, look } = await open("rotation", {
    declared: { ...NOTHING, read: "yes", spot: "yes" },
  });
  await push("Start rotation");
  await screen.findByText(ADDRESS);
  await stage(backend, row, look);
  const group = await screen.findByRole("radiogroup", { name: "New key: Withdraw" });
  await fireEvent.click(within(group).getByRole("radio", { name: "Yes" }));
  expect(screen.getByText(/may do more than the old one: withdraw/)).toBeTruthy();
  await push("Keep these rights");
  expect(screen.getByText(/Type “withdraw”, or take it away/)).toBeTruthy();
  expect(asked(backend, "rotate_check")).toEqual([]);
  await fireEvent.input(screen.getByLabelText("Type “withdraw” to let it do more"), {
    target: { value: "Withdraw" },
  });
  await fireEvent.input(screen.getByLabelText(/^Ends on/), { target: { value: "soon" } });
  await push("Keep these rights");
  expect(screen.getByText(/Give a date as year-month-day/)).toBeTruthy();
  await fireEvent.input(screen.getByLabelText(/^Ends on/), { target: { value: "2099-01-31" } });
  await push("Keep these rights");
  await waitFor(() => expect(asked(backend, "rotate_check")).toHaveLength(1));
  const [sent] = asked(backend, "rotate_check");
  expect(sent?.growth_meant).toBe(true);
  expect(sent?.rights?.withdraw).toBe("yes");
  expect(new Date((sent?.expires_ms ?? 0) + 1).getDate()).toBe(1);
});

test("a page that is opened anew goes on where the record stands", async () => {
  const { backend } = await open("", { state: "rotating" });
  expect(await screen.findByText("Being handed over")).toBeTruthy();
  await push("Everybody has it");
  expect(await screen.findByText("New secret in use")).toBeTruthy();
  await push("Take the old one back");
  await waitFor(() => expect(asked(backend, "rotate_switch").at(-1)?.who).toEqual({ kind: "back" }));
});

test("what is refused is said beside the step, and giving up is asked about", async () => {
  const { backend, row, said } = await open("", { state: "rotating" });
  await screen.findByText("Being handed over");
  backend.instead.rotate_switch = () => {
    throw fault("refused", "one of these is no consumer of the key");
  };
  await fireEvent.click(screen.getByRole("checkbox", { name: "bot has the new secret" }));
  expect((await screen.findByRole("alert")).textContent).toContain("no consumer of the key");
  await push("Give rotation up…");
  expect(screen.getByText(/will count as revoked/)).toBeTruthy();
  await push("Go on with it");
  expect(asked(backend, "rotate_abort")).toEqual([]);
  await push("Give rotation up…");
  await push("Give rotation up");
  await waitFor(() => expect(said.at(-1)?.text).toContain(`The rotation of ${row.label} was given up`));
});

test("revoking says what will be gone, then where to end it, then that it is dead", async () => {
  const { backend, row, said, look } = await open("revocation");
  expect(await screen.findByText(/given to no program and not be copied any more/)).toBeTruthy();
  expect(asked(backend, "revoke")).toEqual([]);
  await push("Revoke key");
  await waitFor(() => expect(asked(backend, "revoke")[0]).toEqual({ keys: [row.id], step: "begin" }));
  await look("");
  expect(await screen.findByText(ADDRESS)).toBeTruthy();
  await push("Confirm it is dead");
  await push("Confirm it is dead");
  await waitFor(() => expect(said.at(-1)?.text).toBe(`${row.label} is revoked and no longer due.`));
  expect(asked(backend, "revoke").at(-1)).toEqual({ keys: [row.id], step: "confirm" });
});

const NOTHING: Permissions = {
  read: "no",
  spot: "no",
  margin: "no",
  derivatives: "no",
  transfer: "no",
  withdraw: "no",
  sub_accounts: "no",
  key_admin: "no",
};

test("growth is what the agent calls growth, and what was seen counts for the old key", () => {
  const old: Permissions = { ...NOTHING, read: "yes", spot: "unknown" };
  expect(growth(old, { ...old, withdraw: "unknown" })).toEqual(["withdraw"]);
  expect(growth(old, { ...old, spot: "yes" })).toEqual(["spot"]);
  expect(growth(old, { ...old, spot: "no", read: "unknown" })).toEqual([]);
  const backend = new FakeBackend({ window: "main" });
  const view = backend.find(backend.rows[0]?.id ?? "");
  const seen = { ...view, row: { ...view.row, declared: old, observed: { ...NOTHING, spot: "yes" as const } } };
  expect(rightsOf(seen)).toEqual({ ...old, spot: "yes" });
});
