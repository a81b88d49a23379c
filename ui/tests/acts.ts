/** What tests of pages do and ask over and over. */

import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect } from "vitest";

import type { Commands } from "../src/backend/generated/wire";

interface Asked {
  readonly calls: readonly { command: string; request: unknown }[];
}

/** What was asked of the agent by this command, in order. */
export const asked = <C extends keyof Commands>(backend: Asked, wanted: C) =>
  backend.calls
    .filter(({ command }) => command === wanted)
    .map(({ request }) => request as Commands[C]["request"]);

/** Pushes a button once it can be pushed. */
export async function push(name: string | RegExp): Promise<void> {
  await waitFor(() => expect(screen.getByRole("button", { name }).hasAttribute("disabled")).toBe(false));
  await fireEvent.click(screen.getByRole("button", { name }));
}
