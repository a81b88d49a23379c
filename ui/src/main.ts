/** Starts the page with the backend of this build. */

import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "./styles/tokens.css";
import "./styles/base.css";

import { mount } from "svelte";

import App from "./App.svelte";
import type { Backend } from "./backend/backend";

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
  if (!(event.target instanceof HTMLInputElement)) {
    event.preventDefault();
  }
});

const target = document.getElementById("app");
if (target === null) {
  throw new Error("index.html has no #app");
}
mount(App, { target, props: { backend: await backendOfThisBuild(new URL(location.href)) } });
