/** How a part of the in-memory backend answers, and how it refuses. */

import type { Commands, Fault } from "../generated/wire";

export type Handler<C extends keyof Commands> = (
  request: Commands[C]["request"],
) => Commands[C]["reply"] | Promise<Commands[C]["reply"]>;

export type Handlers = { [C in keyof Commands]?: Handler<C> };

export function fault(code: Fault["code"], message: string, retryAfterMs?: number): Fault {
  return { code, message, ...(retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }) };
}

/** Waits as the agent would think; nothing where a test asked for no thinking. */
export const think = (milliseconds: number): Promise<void> =>
  new Promise((done) => setTimeout(done, milliseconds));
