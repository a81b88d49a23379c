import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/**
 * What is shipped: the unlock window's page, which the program starts with, and the one of all
 * others. The preview shows every window by the latter, and every component by a page of its own.
 */
const pages = (mode: string) =>
  mode === "preview"
    ? { index: "index.html", gallery: "gallery.html" }
    : { index: "index.html", unlock: "unlock.html" };

/**
 * The unlock page and all it names become one file, because the program's start waits for each
 * request. The other pages share most of it.
 */
const BASE = /\/src\/(UnlockWindow\.svelte|page\.ts|backend\/tauri\.ts)$/;

/**
 * The fonts lie in the program, so a text waits for its own: another one drawn meanwhile would be
 * looked for among the system's, laid out, and thrown away.
 */
const waitForFonts: Plugin = {
  name: "wait-for-fonts",
  enforce: "pre",
  transform(code, id) {
    return id.includes("@fontsource-variable")
      ? code.replaceAll("font-display: swap", "font-display: block")
      : null;
  },
};

export default defineConfig(({ mode }) => ({
  plugins: [waitForFonts, svelte(), svelteTesting()],
  build: {
    // The engine of Debian 12's WebKitGTK and newer.
    target: "safari16",
    // Small files are not inlined: the page's policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    rolldownOptions: {
      input: pages(mode),
      output: {
        codeSplitting: { groups: [{ name: "base", test: BASE }] },
      },
    },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.ts"],
    setupFiles: ["tests/setup.ts"],
    css: false,
    restoreMocks: true,
    testTimeout: 40_000,
  },
}));
