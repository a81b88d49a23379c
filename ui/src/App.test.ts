import { fireEvent, render, screen } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";

import App from "./App.svelte";
import { FakeBackend } from "./backend/fake";

test("a page that falls over says so instead of leaving an empty window", async () => {
  const silent = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const backend = new FakeBackend({ window: "unlock" });
  // Not the agent's refusal, which a page has words for, but an answer that no page can show.
  backend.instead.status = () => ({ ...backend.status, vault: Symbol("no text") as unknown as string });
  render(App, { backend });
  expect(await screen.findByRole("heading", { name: "This page fell over" })).toBeTruthy();
  expect(screen.getByRole("button", { name: "Show it again" })).toBeTruthy();
  silent.mockRestore();
});

test("an act that fails where nothing catches it has words, which can be dismissed", async () => {
  render(App, { backend: new FakeBackend({ window: "unlock" }) });
  await screen.findByLabelText("Master password");
  const event = new Event("unhandledrejection");
  window.dispatchEvent(event);
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("may not have been done");
  await fireEvent.click(screen.getByRole("button", { name: "Dismiss this message" }));
  expect(screen.queryByRole("alert")).toBeNull();
});
