import { fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";

import SiteAddress from "./SiteAddress.svelte";

const page = { url: "https://exchange.example/keys", then: "API management" };

afterEach(() => vi.unstubAllGlobals());

test("an address is copied, or selected where it cannot be, and is no link", async () => {
  const written = vi.fn().mockResolvedValue(undefined);
  vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText: written } });
  const { container } = render(SiteAddress, { page, name: "Exchange" });
  expect(container.querySelector("a")).toBeNull();
  expect(screen.getByText("There: API management")).toBeTruthy();
  const copy = screen.getByRole("button", { name: `Copy address: ${page.url}` });
  await fireEvent.click(copy);
  expect(await screen.findByText("Copied")).toBeTruthy();
  expect(written).toHaveBeenCalledWith(page.url);
  written.mockRejectedValue(new Error("no"));
  await fireEvent.click(copy);
  expect(await screen.findByText(/press Ctrl\+C/)).toBeTruthy();
  expect(String(getSelection())).toBe(page.url);
});

test("where no page is known it says where to look", () => {
  render(SiteAddress, { page: null, name: "Exchange" });
  expect(screen.getByText(/No page of Exchange is known/)).toBeTruthy();
});
