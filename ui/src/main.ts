/** Starts the page with the backend of this build. */

import App from "./App.svelte";
import type { Backend } from "./backend/backend";
import { show } from "./page";

/** The preview runs in any browser with invented keys; what is shipped does not hold a line of it. */
async function backendOfThisBuild(address: URL): Promise<Backend> {
  if (import.meta.env.MODE === "preview") {
    const { FakeBackend } = await import("./backend/fake");
    return FakeBackend.of(address);
  }
  const { TauriBackend } = await import("./backend/tauri");
  return new TauriBackend(address);
}

const address = new URL(location.href);
show(App, await backendOfThisBuild(address), address);
