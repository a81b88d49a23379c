import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";

import { FakeBackend, fault } from "../../backend/fake";
import type { ImportFile } from "../../backend/generated/wire";
import { columnsOf } from "./columns";
import ImportView from "./ImportView.svelte";
import { quoted } from "./quoted";

afterEach(() => vi.useRealTimers());

function open() {
  const backend = new FakeBackend({ window: "main", rows: [] });
  const onopenkey = vi.fn<(id: string | null) => void>();
  render(ImportView, { backend, onopenkey });
  return { backend, onopenkey };
}

const press = async (name: string | RegExp) =>
  await fireEvent.click(await screen.findByRole("button", { name }));
const type = async (label: string, value: string) =>
  await fireEvent.input(screen.getByLabelText(label), { target: { value } });
const previews = (backend: FakeBackend) =>
  backend.calls
    .filter(({ command }) => command === "import_file")
    .map(({ request }) => request as ImportFile);
const rows = () => within(screen.getByRole("grid")).getAllByRole("row").slice(1);

async function preview(path: string) {
  const opened = open();
  await type("File", path);
  await press("Preview import");
  return opened;
}

test("a preview shows the keys, and of every value what becomes of it", async () => {
  const { backend } = await preview("/home/ada/bots/config.json");
  expect(await screen.findByText(/1 key found/)).toBeTruthy();
  expect(rows()[0]?.textContent).toContain("grid-vps1");
  expect(previews(backend)[0]).toEqual({
    path: "/home/ada/bots/config.json",
    source: null,
    columns: [],
    exchange: null,
    account: null,
  });

  await fireEvent.click(screen.getByRole("radio", { name: /^Every value of the file/ }));
  expect(rows()).toHaveLength(10);
  await fireEvent.click(screen.getByRole("radio", { name: /^Not imported 3/ }));
  await waitFor(() => expect(rows()).toHaveLength(3));
  expect(rows()[0]?.textContent).toContain("a secret, but not of an exchange key");
  await type("Search places and reasons", "jwt");
  await waitFor(() => expect(rows()).toHaveLength(1));
});

test("what was imported can be opened, taken back, and imported again without doubles", async () => {
  const { backend, onopenkey } = await preview("/home/ada/keys.json");
  await press("Import 2 keys");
  expect(await screen.findByText("2 keys recorded")).toBeTruthy();
  expect(screen.getByText("1 key stood in the vault already and stayed as it was.")).toBeTruthy();
  expect(screen.getByText("strongroom import --replace /home/ada/keys.json")).toBeTruthy();
  await press("kucoin main");
  expect(onopenkey).toHaveBeenCalledOnce();

  await press("Undo import");
  expect(screen.getByText(/leave the vault, but for those changed since/)).toBeTruthy();
  await press("Undo import");
  expect(await screen.findByText("2 keys were taken back.")).toBeTruthy();
  expect(backend.calls.at(-1)?.command).toBe("import_undo");

  await press("Import another file");
  await type("File", "/home/ada/keys.json");
  await press("Preview import");
  await press("Import 2 keys");
  await press("Import another file");
  await type("File", "/home/ada/keys.json");
  await press("Preview import");
  expect(await screen.findByText(/Importing it again would change nothing/)).toBeTruthy();
  expect(screen.getByRole("button", { name: "Import 0 keys" })).toHaveProperty("disabled", true);
});

test("columns of no known meaning are given one, and the preview is made again", async () => {
  const { backend } = await preview("/home/ada/keys.csv");
  expect(await screen.findByText("2 columns have no meaning yet")).toBeTruthy();
  await press("Columns");
  await choose("Meaning of Private part", "secret");
  await choose("Meaning of Made on", "left out");
  await press("Preview with these columns");
  await waitFor(() => expect(previews(backend)).toHaveLength(2));
  expect(previews(backend)[1]?.columns).toEqual([
    { column: "Venue", field: "exchange" },
    { column: "Name", field: "label" },
    { column: "Key ID", field: "apiKey" },
    { column: "Private part", field: "secret" },
    { column: "Made on", field: "-" },
  ]);
  await waitFor(() => expect(screen.queryByText(/have no meaning yet/)).toBeNull());
  await waitFor(() => expect(rows()[0]?.textContent).toContain("apiKey, secret"));
});

test("a table in which no column holds a credential is mapped by the names in its header", async () => {
  const { backend } = await preview("/home/ada/odd.csv");
  expect(await screen.findByText(/no column of this table is known to hold a credential/)).toBeTruthy();
  await type("Name in the header", "Key ID");
  await press("Add column");
  await choose("Meaning of Key ID", "API key (apiKey)");
  await press("Preview with these columns");
  expect(await screen.findByText(/12 keys found/)).toBeTruthy();
  expect(previews(backend)[1]?.columns).toEqual([{ column: "Key ID", field: "apiKey" }]);
});

test("where the file names no exchange it is asked for", async () => {
  const { backend } = await preview("/home/ada/.env");
  expect(await screen.findByText(/Credentials without an exchange were left/)).toBeTruthy();
  await type("Exchange", "kraken");
  await press("Preview again");
  await waitFor(() => expect(previews(backend)[1]?.exchange).toBe("kraken"));
  expect(await screen.findByText(/3 keys found/)).toBeTruthy();
});

test("a long plan is read page by page", async () => {
  const { backend } = await preview("/home/ada/large.csv");
  expect(await screen.findByText(/400 keys found/)).toBeTruthy();
  const pages = () => backend.calls.filter(({ command }) => command === "import_page").length;
  await waitFor(() => expect(pages()).toBeGreaterThan(2));
  await waitFor(() => expect(screen.queryByText(/^Read .* more$/)).toBeNull());
  await fireEvent.click(screen.getByText("Import 400 keys"));
  expect(await screen.findByText("400 keys recorded")).toBeTruthy();
  await fireEvent.click(screen.getByText("Show 280 more"));
  const added = screen.getByLabelText("Keys added");
  await waitFor(() => expect(added.querySelectorAll("li")).toHaveLength(400));
});

test("a file that cannot be read or is not known says which of both", async () => {
  open();
  await press("Preview import");
  expect(await screen.findByText("Say which file.")).toBeTruthy();
  for (const [path, words] of [
    ["/home/ada/missing.json", /There is no such file/],
    ["/home/ada/secret.json", /cannot be read. Check its permissions/],
    ["/home/ada/notes.txt", /no file of keys we know/],
  ] as const) {
    await type("File", path);
    await press("Preview import");
    expect(await screen.findByText(words), path).toBeTruthy();
  }
});

test("a preview that was held too long says so and can be made again", async () => {
  const { backend } = await preview("/home/ada/keys.json");
  await screen.findByText(/3 keys found/);
  backend.instead.import_apply = () => {
    throw fault("not-found", "that preview is no longer held; preview the source again");
  };
  await press("Import 2 keys");
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("held for ten minutes and is gone");
  await fireEvent.click(within(alert).getByRole("button", { name: "Preview again" }));
  await waitFor(() => expect(previews(backend)).toHaveLength(2));
});

test("columns are told from the places of the plan", () => {
  const field = (place: string, outcome: string, detail: string) => ({ place, outcome, detail });
  expect(
    columnsOf(
      [
        field("Venue (line 2)", "taken", 'exchange of "a"'),
        field("Note (x) (line 2)", "not-imported", "no field is known for this column"),
        field("line 3", "ignored", "empty"),
        field("Secret (line 2)", "ignored", "empty"),
        field("Secret (line 3)", "taken", 'secret of "b"'),
      ],
      [{ column: "Note (x)", field: "-" }],
    ),
  ).toEqual([
    { name: "Venue", meaning: "exchange" },
    { name: "Note (x)", meaning: "-" },
    { name: "Secret", meaning: "secret" },
  ]);
});

test("a path is quoted as a shell takes it", () => {
  expect(quoted("/home/ada/.env")).toBe("/home/ada/.env");
  expect(quoted("/home/ada/my keys/it's.csv")).toBe("'/home/ada/my keys/it'\\''s.csv'");
});

async function choose(label: string, option: string) {
  await fireEvent.keyDown(screen.getByLabelText(new RegExp(`^${label}:`)), { key: "Enter" });
  const list = await waitFor(() => {
    const open = document.querySelector<HTMLElement>("[role=listbox]");
    expect(open).not.toBeNull();
    return open as HTMLElement;
  });
  await fireEvent.pointerUp(within(list).getByText(option));
  await waitFor(() => expect(document.querySelector("[role=listbox]")).toBeNull());
}

test("an encrypted file is asked for in a window of its own, and its preview is shown here", async () => {
  const { backend } = await preview("/home/ada/encrypted.json");
  await screen.findByText(/This file is encrypted/);
  backend.instead.open_window = () => ({});
  await press("Type its password…");
  const file = { path: "/home/ada/encrypted.json", source: null, columns: [], exchange: null, account: null };
  const task = { kind: "open-import" as const, file };
  await waitFor(() => expect(backend.calls.at(-1)).toEqual({ command: "open_window", request: { task } }));
  const plan = await backend.call("import_file_open", { file, password: "copper" });
  backend.tell({ kind: "finished", task, outcome: { kind: "import-previewed", plan } });
  await screen.findByText(/3 keys found/);
  expect(screen.getByText(/Read as Bitwarden JSON/)).toBeTruthy();
});
