import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

/** The preview has a second page, which shows every component. It is never shipped. */
const pages = (mode: string) =>
  mode === "preview" ? { index: "index.html", gallery: "gallery.html" } : { index: "index.html" };

export default defineConfig(({ mode }) => ({
  plugins: [svelte(), svelteTesting()],
  build: {
    // The engine of Debian 12's WebKitGTK and newer.
    target: "safari16",
    // Small files are not inlined: the page's policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    rollupOptions: { input: pages(mode) },
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
