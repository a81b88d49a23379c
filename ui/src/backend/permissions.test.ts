/** What a page calls must be listed for its window, or the shell refuses it. */

import { expect, test } from "vitest";

import type { WindowName } from "./backend";
import { WINDOWS } from "./generated/wire";

const SOURCES = import.meta.glob<string>("../features/**/*.{ts,svelte}", {
  query: "?raw",
  import: "default",
  eager: true,
});

const PAGES: readonly (readonly [WindowName, string])[] = [
  ["unlock", "../features/unlock/"],
  ["main", "../features/main/"],
  ["main", "../features/keys/"],
  ["main", "../features/key-editor/"],
];

test("each page calls only commands of its own window", () => {
  let seen = 0;
  for (const [window, folder] of PAGES) {
    for (const [path, source] of Object.entries(SOURCES)) {
      if (!path.startsWith(folder) || path.endsWith(".test.ts")) {
        continue;
      }
      for (const [, command] of source.matchAll(/\.call\("([a-z_]+)"/g)) {
        seen += 1;
        const windows: readonly string[] = WINDOWS[command as keyof typeof WINDOWS];
        expect(windows, `${path} calls ${command}`).toContain(window);
      }
    }
  }
  expect(seen).toBeGreaterThanOrEqual(5);
});
