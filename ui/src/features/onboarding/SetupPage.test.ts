import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { FakeBackend, fault } from "../../backend/fake";
import { SAMPLE_TASKS } from "../../backend/fake/small";
import { RECOVERY_SECRET } from "../../backend/fake/world";
import type { StatusView } from "../../backend/generated/wire";
import SetupPage from "./SetupPage.svelte";

async function open(task = "create", change: Partial<StatusView> = {}) {
  const backend = new FakeBackend({ window: "setup", task: SAMPLE_TASKS[task]! });
  if (task === "create") {
    backend.status = { ...backend.status, state: "absent", ...change };
  }
  render(SetupPage, { backend });
  await screen.findByRole("heading", { level: 1 });
  return backend;
}

const heading = (name: string) => screen.findByRole("heading", { name });
const type = (label: string, value: string) =>
  fireEvent.input(screen.getByLabelText(label), { target: { value } });
const press = async (name: string) => fireEvent.click(await screen.findByRole("button", { name }));
const request = (backend: FakeBackend, command: string) =>
  backend.calls.find((call) => call.command === command)?.request;

async function toAuthenticator() {
  await type("Master password", FakeBackend.PASSWORD);
  await press("Set password");
  await heading("Prepare for a lost computer");
  await type("File for the recovery kit", "/usb/kit.txt");
  await fireEvent.input(screen.getByLabelText(/Second folder for backups/), { target: { value: "/usb/b" } });
  await press("Use these places");
  await heading("Connect your authenticator");
}

test("from nothing to an open vault with a tested kit", async () => {
  const backend = await open();
  backend.instead.login_start = () => ({ on: false });
  expect(screen.getByText("Step 1 of 5")).toBeTruthy();
  await toAuthenticator();
  expect(screen.getByRole("img", { name: "QR code for the authenticator" })).toBeTruthy();
  expect(screen.getAllByText("JBSW").length).toBeGreaterThan(0);
  await type("Code it shows now", "000000");
  await press("Make vault");
  await heading("Test the recovery kit");
  expect(request(backend, "create_confirm")).toEqual({
    code: "000000",
    kit_path: "/usb/kit.txt",
    backup_folder: "/usb/b",
  });
  await type("Recovery secret", RECOVERY_SECRET);
  await press("Test recovery kit");
  await heading("Your vault is ready");
  expect(screen.getByText("The recovery kit works.")).toBeTruthy();
  await fireEvent.click(screen.getByRole("switch"));
  await waitFor(() => expect(request(backend, "login_start_set")).toEqual({ on: true }));
  await press("Open the vault");
  await waitFor(() => expect(backend.finished[0]).toMatchObject({ outcome: { kind: "done" } }));
});

test("a weak password is refused beside it, in the agent's words", async () => {
  const backend = await open();
  const field = screen.getByLabelText<HTMLInputElement>("Master password");
  expect(document.activeElement).toBe(field);
  await type("Master password", "short");
  await press("Set password");
  expect(screen.getByText("The password needs at least 12 characters.")).toBeTruthy();
  expect(request(backend, "create_begin")).toBeUndefined();
  await type("Master password", "passwordpassword");
  await press("Set password");
  expect(await screen.findByText(/too easy to guess: use a few more/)).toBeTruthy();
  await waitFor(() => expect(document.activeElement).toBe(field));
});

test("a wrong code keeps the seed and asks for the next one", async () => {
  await open();
  await toAuthenticator();
  await type("Code it shows now", "111111");
  await press("Make vault");
  expect(await screen.findByText(/does not fit this seed/)).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>("Code it shows now").value).toBe("");
});

test("a kit tested later stays on the list, and so does what was not taken", async () => {
  await open();
  await toAuthenticator();
  await type("Code it shows now", "000000");
  await press("Make vault");
  await heading("Test the recovery kit");
  await type("Recovery secret", "A".repeat(56));
  await press("Test recovery kit");
  expect(await screen.findByText(/Type the one of kit 7Q2M/)).toBeTruthy();
  await press("Test it later");
  expect(await screen.findByText(/was not tested/)).toBeTruthy();
});

test("without a kit it says what that means, and goes on", async () => {
  const backend = await open();
  await type("Master password", FakeBackend.PASSWORD);
  await press("Set password");
  await heading("Prepare for a lost computer");
  await press("Use these places");
  expect(screen.getByText("Say where the recovery kit goes.")).toBeTruthy();
  await press("Go on without a recovery kit");
  await heading("Connect your authenticator");
  await type("Code it shows now", "000000");
  await press("Make vault");
  await heading("Your vault is ready");
  expect(request(backend, "create_confirm")).toMatchObject({ kit_path: null, backup_folder: null });
  expect(screen.getByText(/There is no recovery kit/)).toBeTruthy();
});

test("without a keyring the choice of a file is offered, and what it means", async () => {
  const backend = await open("create", { device_secret: "no-keyring" });
  expect(await screen.findByRole("radio", { name: "In a file of your account" })).toBeTruthy();
  await type("Master password", FakeBackend.PASSWORD);
  await press("Set password");
  await heading("Prepare for a lost computer");
  expect(request(backend, "create_begin")).toMatchObject({ place: "file" });
});

test("a vault from elsewhere: as a folder, or out of a backup", async () => {
  const backend = await open();
  await press("I have a vault already");
  await heading("Bring your vault here");
  expect(await screen.findByText(backend.status.vault)).toBeTruthy();
  await press("Look for the vault");
  expect(await screen.findByText("This folder holds no vault yet.")).toBeTruthy();
  await fireEvent.click(screen.getByRole("radio", { name: "I have a backup" }));
  await press("Choose…");
  const path = screen.getByLabelText<HTMLInputElement>("Folder of the backup");
  await waitFor(() => expect(path.value).not.toBe(""));
  await type("Master password of then", FakeBackend.PASSWORD);
  await type("Code from your authenticator", "000000");
  await press("Restore backup");
  await heading("The backup is in place");
  await press("Unlock the vault");
  await waitFor(() => expect(backend.finished).toHaveLength(1));
});

test("a refusal of the disk stays on the page", async () => {
  const backend = await open();
  backend.instead.create_begin = () => {
    throw fault("read-only", "");
  };
  await type("Master password", FakeBackend.PASSWORD);
  await press("Set password");
  expect((await screen.findByRole("alert")).textContent).toContain("cannot be written");
});

test("another authenticator takes the place of the present one", async () => {
  const backend = await open("reset-totp");
  await type("Master password", FakeBackend.PASSWORD);
  await type("Code from your authenticator", "000000");
  await press("Show new seed");
  await heading("Connect the new authenticator");
  await type("Code it shows now", "123456");
  await press("Use this authenticator");
  expect(await screen.findByText(/does not fit this seed/)).toBeTruthy();
  await type("Code it shows now", "000000");
  await press("Use this authenticator");
  await waitFor(() => expect(backend.finished[0]).toMatchObject({ outcome: { kind: "done" } }));
});
