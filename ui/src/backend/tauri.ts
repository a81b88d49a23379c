/** The real backend: every call is one Tauri command, forwarded to the agent. */

import { invoke } from "@tauri-apps/api/core";

import type { Backend, Reason, WindowName } from "./backend";
import { toFault } from "./errors";
import type { Commands, ShellEvent, Unlocked } from "./generated/wire";

declare global {
  interface Window {
    /** Set by the shell before the page runs. */
    readonly __STRONGROOM_UNLOCKED__?: Unlocked;
  }
}

export class TauriBackend implements Backend {
  readonly window: WindowName;
  readonly reason: Reason;
  readonly unlocked: Unlocked | null;

  constructor(address: URL) {
    this.window = address.searchParams.get("window") === "main" ? "main" : "unlock";
    const reason = address.searchParams.get("reason");
    this.reason = reason === "locked" || reason === "agent-gone" ? reason : "start";
    this.unlocked = window.__STRONGROOM_UNLOCKED__ ?? null;
  }

  async call<C extends keyof Commands>(
    command: C,
    request: Commands[C]["request"],
  ): Promise<Commands[C]["reply"]> {
    try {
      return await invoke<Commands[C]["reply"]>(command, { request });
    } catch (refusal) {
      throw toFault(refusal);
    }
  }

  onevent(listener: (event: ShellEvent) => void): () => void {
    const hear = (event: Event) => listener((event as CustomEvent<ShellEvent>).detail);
    window.addEventListener("strongroom", hear);
    return () => window.removeEventListener("strongroom", hear);
  }
}
