/** The look of the page: what was chosen, or what the desktop uses, and its changes. */

import type { Theme } from "../backend/generated/wire";

const DARK = "(prefers-color-scheme: dark)";

let chosen: Theme = "system";

export function applyTheme(theme: Theme): void {
  chosen = theme;
  const isDark = theme === "system" ? matchMedia(DARK).matches : theme === "dark";
  document.documentElement.dataset["theme"] = isDark ? "dark" : "light";
}

/** From here on the page follows the desktop where nothing else was chosen. */
export function followDesktop(): void {
  applyTheme(chosen);
  matchMedia(DARK).addEventListener("change", () => applyTheme(chosen));
}
