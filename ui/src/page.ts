/** What every page has before anything is drawn in it. */

import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";

import { mount, type Component } from "svelte";

import type { Backend } from "./backend/backend";
import { applyTheme, followDesktop } from "./styles/theme";

type Root = Component<{ backend: Backend }>;

export function show(Root: Root, backend: Backend, address: URL): void {
  const target = document.getElementById("app");
  if (target === null) {
    throw new Error("the page has no #app");
  }
  document.addEventListener("contextmenu", refuseMenu);
  look(backend, address);
  mount(Root, { target, props: { backend } });
}

/** What a browser offers on a right click (reload, go back) has no meaning in a window of ours. */
function refuseMenu(event: Event): void {
  if (!(event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement)) {
    event.preventDefault();
  }
}

/** The look that was chosen stands in the address, so that the first picture has its colours. */
function look(backend: Backend, address: URL): void {
  followDesktop();
  const chosen = address.searchParams.get("look");
  if (chosen === "light" || chosen === "dark") {
    applyTheme(chosen);
  }
  backend.onevent((event) => {
    if (event.kind === "look-changed") {
      applyTheme(event.look.theme);
    }
  });
}
