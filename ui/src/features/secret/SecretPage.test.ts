import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { FakeBackend, fault } from "../../backend/fake";
import { SAMPLE_TASKS } from "../../backend/fake/small";
import { RECOVERY_SECRET } from "../../backend/fake/world";
import SecretPage from "./SecretPage.svelte";

async function open(name: string) {
  const backend = new FakeBackend({ window: "secret", task: SAMPLE_TASKS[name]! });
  render(SecretPage, { backend });
  await screen.findByRole("heading", { level: 1 });
  return backend;
}

const type = (label: string, value: string) =>
  fireEvent.input(screen.getByLabelText(label), { target: { value } });
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const requests = (backend: FakeBackend, command: string) =>
  backend.calls.filter((call) => call.command === command).map((call) => call.request);

const KEY = "k".repeat(64);
const SECRET = "s".repeat(64);

test("the fields of the exchange are typed, and the key is recorded with its draft", async () => {
  const backend = await open("add-key");
  expect(screen.getByRole("heading", { name: "Type the key of binance-grid" })).toBeTruthy();
  await screen.findByLabelText("API key");
  await type("API key", KEY);
  await type("Secret", SECRET);
  await press("Record key");
  await waitFor(() => expect(backend.finished).toHaveLength(1));
  expect(requests(backend, "add")[0]).toMatchObject({
    label: "binance-grid",
    exchange: "binance",
    fields: [
      { name: "apiKey", value: KEY },
      { name: "secret", value: SECRET },
    ],
  });
  expect(backend.finished[0]).toMatchObject({ outcome: { kind: "added" } });
});

test("an odd shape is pointed out while typing, and is recorded all the same", async () => {
  const backend = await open("add-key");
  await screen.findByLabelText("API key");
  await type("API key", KEY.slice(1));
  expect(screen.getByText("Usually 64 letters and digits; this has 63.")).toBeTruthy();
  await type("Secret", SECRET);
  await press("Record key");
  await waitFor(() => expect(backend.finished).toHaveLength(1));
});

test("one value in two fields is pointed out", async () => {
  await open("add-key");
  await screen.findByLabelText("API key");
  await type("API key", KEY);
  await type("Secret", KEY);
  expect(await screen.findByText("The API key and the secret hold the same value.")).toBeTruthy();
});

test("an empty field is said beside it and has the focus", async () => {
  const backend = await open("add-key");
  await screen.findByLabelText("API key");
  await type("API key", KEY);
  await press("Record key");
  expect(screen.getByText("Type the secret, or leave every field empty.")).toBeTruthy();
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Secret")));
  expect(requests(backend, "add")).toHaveLength(0);
});

test("a record without a secret, and one with a field of one's own", async () => {
  const backend = await open("add-key");
  await screen.findByLabelText("API key");
  await press("Record it without a secret");
  await waitFor(() => expect(requests(backend, "add")).toHaveLength(1));
  expect(requests(backend, "add")[0]).toMatchObject({ fields: [] });
  document.body.replaceChildren();

  const other = await open("add-key");
  await screen.findByLabelText("API key");
  await type("API key", KEY);
  await type("Secret", SECRET);
  await press("Add a field of your own");
  await type("Name of the field", "webhook");
  await type("Value of webhook", "w");
  await press("Record key");
  await waitFor(() => expect(requests(other, "add")).toHaveLength(1));
  expect(requests(other, "add")[0]).toMatchObject({
    fields: [{ name: "apiKey" }, { name: "secret" }, { name: "webhook", value: "w" }],
  });
});

test("a refusal stays beside the fields, which keep what was typed", async () => {
  const backend = await open("replace-secret");
  backend.instead.secret_set = () => {
    throw fault("disk-full", "");
  };
  await screen.findByLabelText("API key");
  await type("API key", KEY);
  await type("Secret", SECRET);
  await press("Replace secret");
  expect((await screen.findByRole("alert")).textContent).toContain("The disk is full");
  expect(screen.getByLabelText<HTMLInputElement>("Secret").value).toBe(SECRET);
});

test("a private key has several lines", async () => {
  await open("add-coinbase");
  const area = await screen.findByLabelText("Private key");
  expect(area.tagName).toBe("TEXTAREA");
});

test("the password is changed; a weak one is refused beside its field", async () => {
  const backend = await open("change-password");
  await type("Present master password", FakeBackend.PASSWORD);
  await type("New master password", "short");
  await type("Code from your authenticator", "000000");
  await press("Change password");
  expect(screen.getByText("Type a new password of at least 12 characters.")).toBeTruthy();
  await type("New master password", "passwordpassword");
  await press("Change password");
  expect(await screen.findByText(/too easy to guess: use a few more/)).toBeTruthy();
  await type("Present master password", FakeBackend.PASSWORD);
  await type("New master password", "four crates of old copper");
  await type("Code from your authenticator", "000000");
  await press("Change password");
  await waitFor(() => expect(backend.finished).toHaveLength(1));
  expect(backend.finished[0]).toMatchObject({
    outcome: { kind: "password-changed", devices_dropped: 1 },
  });
});

test("the kit's secret works, or it is said which kit would", async () => {
  const backend = await open("test-kit");
  await type("Recovery secret", "A".repeat(56));
  await press("Test recovery kit");
  expect((await screen.findByRole("alert")).textContent).toContain("7Q2M-X4WD-P9TC-HJRV");
  await type("Recovery secret", RECOVERY_SECRET);
  await press("Test recovery kit");
  await waitFor(() => expect(backend.finished).toHaveLength(1));
  expect(backend.finished[0]).toMatchObject({ outcome: { kind: "kit-tested", works: true } });
});

test("Escape leaves without recording anything", async () => {
  const backend = await open("add-key");
  await fireEvent.keyDown(window, { key: "Escape" });
  await waitFor(() => expect(backend.finished[0]).toMatchObject({ outcome: { kind: "cancelled" } }));
  expect(requests(backend, "add")).toHaveLength(0);
});

test("the passphrase of a share opens it here, and only what was opened goes to the main window", async () => {
  const backend = await open("open-share");
  await press("Open share");
  expect(screen.getByText("Type the passphrase.")).toBeTruthy();
  await type("Passphrase", "wrong");
  await press("Open share");
  await screen.findByText("The passphrase is wrong, or the file was damaged on its way.");
  expect(backend.finished).toHaveLength(0);
  await type("Passphrase", "copper-lantern");
  await press("Open share");
  await waitFor(() => expect(backend.finished).toHaveLength(1));
  expect(backend.finished[0]).toMatchObject({ outcome: { kind: "share-opened", opened: { kind: "invite" } } });
  expect(JSON.stringify(backend.finished)).not.toContain("copper");
});

test("the password of a file opens its preview, and a wrong one takes nothing", async () => {
  const backend = await open("open-import");
  expect(screen.getByText(/not of your vault/)).toBeTruthy();
  await type("Password of the file", "wrong");
  await press("Preview import");
  await screen.findByText(/not the file's password, or the file is damaged/);
  await type("Password of the file", "copper kettle");
  await press("Preview import");
  await waitFor(() => expect(backend.finished).toHaveLength(1));
  expect(backend.finished[0]).toMatchObject({ outcome: { kind: "import-previewed", plan: { source: "bitwarden" } } });
});
