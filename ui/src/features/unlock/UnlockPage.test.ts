import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";

import type { Reason } from "../../backend/backend";
import { FakeBackend, fault } from "../../backend/fake";
import { RECOVERY_SECRET } from "../../backend/fake/world";
import type { Fault, StatusView } from "../../backend/generated/wire";
import UnlockPage from "./UnlockPage.svelte";

async function open(change: Partial<StatusView> = {}, reason: Reason = "start") {
  const backend = new FakeBackend({ window: "unlock", reason });
  backend.status = { ...backend.status, ...change };
  render(UnlockPage, { backend });
  await screen.findByRole("heading", { level: 1 });
  return backend;
}

const password = () => screen.findByLabelText<HTMLInputElement>("Master password");
const code = () => screen.findByLabelText<HTMLInputElement>("Code from your authenticator");
const unlocks = (backend: FakeBackend) => backend.calls.filter(({ command }) => command === "unlock");

async function type(typedPassword: string, typedCode: string) {
  await fireEvent.input(await password(), { target: { value: typedPassword } });
  await fireEvent.input(await code(), { target: { value: typedCode } });
}

async function submit() {
  await fireEvent.click(await screen.findByRole("button", { name: "Unlock vault" }));
}

test("password and code open the vault, blanks in the code do not matter", async () => {
  const backend = await open();
  await type(FakeBackend.PASSWORD, "000 000");
  await submit();
  await waitFor(() => expect(backend.status.state).toBe("unlocked"));
  expect(unlocks(backend)[0]?.request).toEqual({
    password: FakeBackend.PASSWORD,
    code: { kind: "totp", value: "000000" },
  });
  await waitFor(async () => expect((await password()).value).toBe(""));
});

test("what the shell knew stands in the first picture, and the agent has the last word", async () => {
  const backend = new FakeBackend({ window: "unlock" });
  const standing = { ...backend.status, vault: "/home/a/known" };
  const asked = new FakeBackend({ window: "unlock", standing });
  asked.status = { ...asked.status, vault: "/home/a/asked" };
  const { container } = render(UnlockPage, { backend: asked });
  expect(container.textContent).toContain("/home/a/known");
  expect(screen.getByLabelText("Master password")).toBeTruthy();
  await screen.findByText("/home/a/asked");
});

test("the password has the focus, and stays hidden until it is asked for", async () => {
  await open();
  const field = await password();
  expect(document.activeElement).toBe(field);
  expect(field.type).toBe("password");
  await fireEvent.click(screen.getByRole("button", { name: "Show password" }));
  expect(field.type).toBe("text");
  expect(screen.getByRole("button", { name: "Hide password" })).toBeTruthy();
});

test("an empty or short code is refused here, without spending a try", async () => {
  const backend = await open();
  await submit();
  expect(screen.getByText("Type the master password.")).toBeTruthy();
  await type("something", "12345");
  await submit();
  expect(screen.getByText("Type the six digits your authenticator shows now.")).toBeTruthy();
  expect((await code()).getAttribute("aria-invalid")).toBe("true");
  expect(unlocks(backend)).toHaveLength(0);
});

test("after a wrong try the words stay, the code is gone and has the focus", async () => {
  await open();
  await type("wrong", "123456");
  await submit();
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("The password or the code is wrong.");
  expect((await code()).value).toBe("");
  await waitFor(async () => expect(document.activeElement).toBe(await code()));
  await fireEvent.click(screen.getByRole("button", { name: "Dismiss this message" }));
  expect(screen.queryByRole("alert")).toBeNull();
});

test("while throttled nothing can be sent, and the time left is said", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  try {
    const backend = await open();
    backend.instead.unlock = () => {
      throw fault("throttled", "too many tries", 42_000);
    };
    await type("wrong", "123456");
    await submit();
    const button = await screen.findByRole<HTMLButtonElement>("button", {
      name: "Next try in 42 seconds",
    });
    expect(button.disabled).toBe(true);
    expect(screen.getByRole("alert").textContent).toContain("Too many wrong tries");
    vi.advanceTimersByTime(43_000);
    const free = await screen.findByRole<HTMLButtonElement>("button", { name: "Unlock vault" });
    expect(free.disabled).toBe(false);
    expect(screen.queryByRole("alert")).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});

test("a recovery code is sent as one", async () => {
  const backend = await open();
  await fireEvent.click(await screen.findByRole("button", { name: "Use a recovery code" }));
  await fireEvent.input(await password(), { target: { value: "p" } });
  await fireEvent.input(await screen.findByLabelText("Recovery code"), {
    target: { value: " ABCD-EFGH " },
  });
  await submit();
  await waitFor(() => expect(unlocks(backend)).toHaveLength(1));
  expect(unlocks(backend)[0]?.request).toMatchObject({
    code: { kind: "recovery", value: "ABCD-EFGH" },
  });
});

test("a clock that moved back leads to the recovery code", async () => {
  const backend = await open();
  backend.instead.unlock = () => {
    throw fault("clock-moved-back", "");
  };
  await type("p", "123456");
  await submit();
  expect(await screen.findByLabelText("Recovery code")).toBeTruthy();
  expect(screen.getByRole("alert").textContent).toContain("clock is behind");
});

test("without a vault it says so, and looks again", async () => {
  const backend = await open({ state: "absent" });
  expect(await screen.findByRole("heading", { name: "No vault here any more" })).toBeTruthy();
  backend.status = { ...backend.status, state: "locked" };
  await fireEvent.click(screen.getByRole("button", { name: "Look again" }));
  expect(await password()).toBeTruthy();
});

test("without an agent it says so, and tries again", async () => {
  const backend = new FakeBackend({ window: "unlock" });
  backend.instead.status = () => {
    throw fault("no-agent", "the agent could not be started");
  };
  render(UnlockPage, { backend });
  expect((await screen.findByRole("alert")).textContent).toContain("The agent cannot be reached");
  delete backend.instead.status;
  await fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await password()).toBeTruthy();
});

test("a device secret that is not there is said before anything is typed", async () => {
  for (const [state, words] of [
    ["missing", "There is no device secret here."],
    ["keyring-locked", "The keyring is locked"],
    ["no-keyring", "No keyring answers"],
    ["ambiguous", "two different device secrets"],
  ] as const) {
    await open({ device_secret: state });
    expect((await screen.findByRole("alert")).textContent, state).toContain(words);
    document.body.replaceChildren();
  }
});

test("why the window came back is said", async () => {
  for (const [reason, words] of [
    ["locked", "The vault was locked."],
    ["agent-gone", "The agent that holds the vault ended"],
  ] as const) {
    await open({}, reason);
    expect(await screen.findByText(new RegExp(words)), reason).toBeTruthy();
    document.body.replaceChildren();
  }
});

test("each refusal of an unlock has words of its own", async () => {
  const codes: Fault["code"][] = ["code-replayed", "no-device-secret", "newer-format", "corrupt"];
  const seen = new Set<string>();
  for (const refused of codes) {
    const backend = await open();
    backend.instead.unlock = () => {
      throw fault(refused, "");
    };
    await type("p", "123456");
    await submit();
    seen.add((await screen.findByRole("alert")).textContent);
    document.body.replaceChildren();
  }
  expect(seen.size).toBe(codes.length);
});

test("a new computer is enrolled with the kit, and says where its secret is kept", async () => {
  const backend = await open({ device_secret: "missing" });
  await fireEvent.click(await screen.findByRole("button", { name: "Open with the recovery kit" }));
  expect(screen.getByRole("heading", { name: "Open on a new computer" })).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Open vault" }));
  expect(screen.getByText("Type the recovery secret as it stands on the kit.")).toBeTruthy();
  const type = (label: string, value: string) =>
    fireEvent.input(screen.getByLabelText(label), { target: { value } });
  await type("Recovery secret", RECOVERY_SECRET);
  await type("Name of this computer", "desk laptop");
  await type("Master password", FakeBackend.PASSWORD);
  await type("Code from your authenticator", "000000");
  await fireEvent.click(screen.getByRole("button", { name: "Open vault" }));
  await waitFor(() => expect(backend.status.state).toBe("unlocked"));
  const request = backend.calls.find(({ command }) => command === "unlock_new_device")?.request;
  expect(request).toMatchObject({ place: "keyring", device_name: "desk laptop" });
});

test("without a keyring only a file is left to keep the device secret in", async () => {
  await open({ device_secret: "no-keyring" });
  await fireEvent.click(await screen.findByRole("button", { name: "Open with the recovery kit" }));
  const keyring = screen.getByRole<HTMLButtonElement>("radio", { name: "In this computer's keyring" });
  expect(keyring.disabled).toBe(true);
  const file = screen.getByRole("radio", { name: "In a file of your account" });
  expect(file.getAttribute("aria-checked")).toBe("true");
});

test("a vault that does not verify leads to a backup, which leads back to the unlock", async () => {
  const backend = await open();
  backend.instead.unlock = () => {
    throw fault("corrupt", "");
  };
  await type("p", "123456");
  await submit();
  await fireEvent.click(await screen.findByRole("button", { name: "Restore a backup" }));
  await fireEvent.click(screen.getByRole("button", { name: "Choose…" }));
  const path = screen.getByLabelText<HTMLInputElement>("Folder of the backup");
  await waitFor(() => expect(path.value).toContain("2026-11-20"));
  await fireEvent.input(screen.getByLabelText("Master password of then"), {
    target: { value: FakeBackend.PASSWORD },
  });
  await fireEvent.input(screen.getByLabelText("Code from your authenticator"), {
    target: { value: "000000" },
  });
  await fireEvent.click(screen.getByRole("button", { name: "Restore backup" }));
  await fireEvent.click(await screen.findByRole("button", { name: "Unlock the vault" }));
  expect(await password()).toBeTruthy();
});

test("where the desktop has no dialog, a path can still be typed", async () => {
  const backend = await open({ state: "absent" });
  backend.instead.choose_path = () => {
    throw fault("no-desktop", "");
  };
  await fireEvent.click(screen.getByRole("button", { name: "Restore a backup" }));
  await fireEvent.click(screen.getByRole("button", { name: "Choose…" }));
  expect(await screen.findByText(/Type the whole path instead/)).toBeTruthy();
  await fireEvent.input(screen.getByLabelText("Folder of the backup"), { target: { value: "backups" } });
  await fireEvent.click(screen.getByRole("button", { name: "Restore backup" }));
  expect(screen.getByText("Type the whole path, from the root of the disk.")).toBeTruthy();
});
