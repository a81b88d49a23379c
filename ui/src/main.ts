/** Starts the page with the backend of this build. */

import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";

import { mount } from "svelte";

import App from "./App.svelte";
import type { Backend } from "./backend/backend";
import { applyTheme, followDesktop } from "./styles/theme";

/** The preview runs in any browser with invented keys; what is shipped does not hold a line of it. */
async function backendOfThisBuild(address: URL): Promise<Backend> {
  if (import.meta.env.MODE === "preview") {
    const { FakeBackend } = await import("./backend/fake");
    return FakeBackend.of(address);
  }
  const { TauriBackend } = await import("./backend/tauri");
  return new TauriBackend(address);
}

// What a browser offers on a right click (reload, go back) has no meaning in a window of ours.
document.addEventListener("contextmenu", (event) => {
  if (!(event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement)) {
    event.preventDefault();
  }
});

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

const target = document.getElementById("app");
if (target === null) {
  throw new Error("index.html has no #app");
}
const address = new URL(location.href);
const backend = await backendOfThisBuild(address);
look(backend, address);
mount(App, { target, props: { backend } });
