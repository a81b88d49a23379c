/** The real backend: every call is one Tauri command, forwarded to the agent. */

import { invoke } from "@tauri-apps/api/core";

import { windowOf, type Backend, type Reason, type WindowName } from "./backend";
import { toFault } from "./errors";
import { RAW_REPLIES, type Commands, type ShellEvent, type StatusView, type Unlocked } from "./generated/wire";

declare global {
  interface Window {
    /** Set by the shell before the page runs. */
    readonly __STRONGROOM_UNLOCKED__?: Unlocked;
    readonly __STRONGROOM_STANDING__?: StatusView | null;
  }
}

/** The event by which the shell tells a page something. */
const EVENT = "strongroom";

export class TauriBackend implements Backend {
  readonly window: WindowName;
  readonly reason: Reason;
  readonly unlocked: Unlocked | null;
  readonly standing: StatusView | null;

  constructor(address: URL) {
    this.window = windowOf(address);
    const reason = address.searchParams.get("reason");
    this.reason = reason === "locked" || reason === "agent-gone" ? reason : "start";
    this.unlocked = window.__STRONGROOM_UNLOCKED__ ?? null;
    this.standing = window.__STRONGROOM_STANDING__ ?? null;
  }

  async call<C extends keyof Commands>(
    command: C,
    request: Commands[C]["request"],
  ): Promise<Commands[C]["reply"]> {
    try {
      if (RAW_REPLIES.includes(command)) {
        return decoded(await invoke<Raw>(command, { request }));
      }
      return await invoke<Commands[C]["reply"]>(command, { request });
    } catch (refusal) {
      throw toFault(refusal);
    }
  }

  onevent(listener: (event: ShellEvent) => void): () => void {
    const heard = (event: Event) => listener((event as CustomEvent<ShellEvent>).detail);
    window.addEventListener(EVENT, heard);
    return () => window.removeEventListener(EVENT, heard);
  }
}

/** A raw response; an array of numbers where the engine has no custom protocol. */
type Raw = ArrayBuffer | Uint8Array | number[];

/** A secret comes as bytes, which are wiped here as soon as they are text. */
function decoded<R>(raw: Raw): R {
  const bytes = raw instanceof ArrayBuffer ? new Uint8Array(raw) : Uint8Array.from(raw);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as R;
  } finally {
    bytes.fill(0);
  }
}
