/**
 * The unlock window's own page: all of it is named from its HTML, so that nothing has to run before
 * the rest is fetched. The program starts with it.
 */

import { TauriBackend } from "./backend/tauri";
import { show } from "./page";
import UnlockWindow from "./UnlockWindow.svelte";

const address = new URL(location.href);
show(UnlockWindow, new TauriBackend(address), address);
