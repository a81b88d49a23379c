/** What a page calls must be listed for its window, or the shell refuses it. */

import { expect, test } from "vitest";

import type { WindowName } from "./backend";
import { WINDOWS } from "./generated/wire";

const SOURCES = import.meta.glob<string>("../features/**/*.{ts,svelte}", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** Whose window a feature's pages stand in; all others are views of the main one. */
const WINDOW_OF: Record<string, WindowName> = {
  unlock: "unlock",
  onboarding: "setup",
  secret: "secret",
  "step-up": "step-up",
  reveal: "reveal",
};

test("each page calls only commands of its own window", () => {
  let seen = 0;
  for (const [path, source] of Object.entries(SOURCES)) {
    if (path.endsWith(".test.ts")) {
      continue;
    }
    const feature = path.split("/")[2] ?? "";
    const window = WINDOW_OF[feature] ?? "main";
    for (const [, command] of source.matchAll(/\.call\(\s*"([a-z_]+)"/g)) {
      seen += 1;
      const windows: readonly string[] = WINDOWS[command as keyof typeof WINDOWS];
      expect(windows, `${path} calls ${command}`).toContain(window);
    }
  }
  expect(seen).toBeGreaterThanOrEqual(5);
});
