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

/** Milliseconds the first picture waits to hear which look was chosen. */
const PATIENCE = 200;

/** A page without an answer looks as the desktop does. */
async function look(backend: Backend): Promise<void> {
  followDesktop();
  backend.onevent((event) => {
    if (event.kind === "look-changed") {
      applyTheme(event.look.theme);
    }
  });
  const answer = backend.call("look", {}).then(
    ({ theme }) => applyTheme(theme),
    () => undefined,
  );
  await Promise.race([answer, new Promise((done) => setTimeout(done, PATIENCE))]);
}

const target = document.getElementById("app");
if (target === null) {
  throw new Error("index.html has no #app");
}
const backend = await backendOfThisBuild(new URL(location.href));
await look(backend);
mount(App, { target, props: { backend } });
