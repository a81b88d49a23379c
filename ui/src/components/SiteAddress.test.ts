import { fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";

import { OPENER, type OpenPage } from "./site";
import SiteAddress from "./SiteAddress.svelte";

const page = { url: "https://exchange.example/keys", then: "API management" };

const about = { name: "Exchange", key: "7", which: "revoke" } as const;

afterEach(() => vi.unstubAllGlobals());

test("an address is copied, or selected where it cannot be, and is no link", async () => {
  const written = vi.fn().mockResolvedValue(undefined);
  vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText: written } });
  const { container } = render(SiteAddress, { page, ...about });
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
  render(SiteAddress, { page: null, ...about });
  expect(screen.getByText(/No page of Exchange is known/)).toBeTruthy();
});

test("the page is named to whoever opens it, by key; a refusal says what to do instead", async () => {
  const open = vi.fn<OpenPage>().mockResolvedValue({});
  render(SiteAddress, { props: { page, ...about }, context: new Map([[OPENER, open]]) });
  const button = screen.getByRole("button", { name: /^Open in browser ?: the page of Exchange$/ });
  await fireEvent.click(button);
  expect(open.mock.calls).toEqual([["7", "revoke"]]);
  expect(screen.queryByRole("alert")).toBeNull();
  open.mockRejectedValue(new Error("no"));
  await fireEvent.click(button);
  expect((await screen.findByRole("alert")).textContent).toMatch(/Copy the address/);
});

test("where nobody opens pages there is the address alone", () => {
  render(SiteAddress, { page, ...about });
  expect(screen.queryByRole("button", { name: /Open in browser/ })).toBeNull();
});
