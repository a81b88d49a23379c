/** Keys that somebody holds or ever held, as far as they were asked for. */

import type { Backend } from "./backend";
import type { HeldKeys, KeysOf } from "./generated/wire";

/** All pages in one. */
export async function heldBy(backend: Backend, whose: KeysOf, ever: boolean): Promise<HeldKeys> {
  let page = await backend.call("keys_of", { whose, ever, offset: 0 });
  const keys = [...page.keys];
  while (page.next !== null) {
    page = await backend.call("keys_of", { whose, ever, offset: page.next });
    keys.push(...page.keys);
  }
  return { keys, total: page.total, next: null };
}
