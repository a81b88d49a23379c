/** What can be done with a key besides what its page shows at once. */

import type { Change, KeyView } from "../../backend/generated/wire";
import type { MenuItem } from "../../components/Menu.svelte";
import { t } from "../../i18n/en";
import { isEnding } from "./ending";

const SNOOZES = [1, 3, 7];

export interface Acts {
  replace: () => void;
  snooze: (days: number) => void;
  acknowledge: () => void;
  /** With what is told of it, and its inverse. */
  edit: (change: Change, told: string, undo: Change) => void;
  /** To what will be gone; `null` where the page leads nowhere. */
  revoke: (() => void) | null;
  purge: () => void;
}

export function menuOf(view: KeyView, fixed: string, acts: Acts): MenuItem[] {
  const { row } = view;
  const { label, state } = row;
  const told = t.keyPage.told;
  const isFixed = fixed === "" ? {} : { disabled: true, hint: fixed };
  const set = (value: typeof state): Change => ({ set: "state", value });
  const since: Change = { set: "compromised", since_ms: view.compromised_since_ms };
  const isDead = state === "revoked" || state === "archived";
  const items: MenuItem[] = [{ title: t.keyPage.replace, ...isFixed, run: acts.replace }];
  if (row.expiry !== null || row.rotation !== null) {
    items.push(
      ...SNOOZES.map((days, at) => ({
        title: t.keyPage.snooze(days),
        ...(at === 0 ? { apart: true } : {}),
        ...isFixed,
        run: () => acts.snooze(days),
      })),
      { title: t.keyPage.acknowledge, ...isFixed, run: acts.acknowledge },
    );
  }
  items.push(
    row.compromised
      ? {
          title: t.keyPage.clearCompromised,
          apart: true,
          ...isFixed,
          run: () => acts.edit({ set: "compromised", since_ms: null }, told.cleared(label), since),
        }
      : {
          title: t.keyPage.markCompromised,
          apart: true,
          tone: "red",
          ...isFixed,
          run: () =>
            acts.edit({ set: "compromised", since_ms: Date.now() }, told.compromised(label), {
              set: "compromised",
              since_ms: null,
            }),
        },
  );
  if (acts.revoke !== null && !isDead && !isEnding(view)) {
    items.push({ title: t.revocation.open, tone: "red", ...isFixed, run: acts.revoke });
  }
  if (state === "revoked" || state === "draft") {
    items.push({
      title: t.keyPage.markActive,
      ...isFixed,
      run: () => acts.edit(set("active"), told.active(label), set(state)),
    });
  } else if (state !== "archived") {
    items.push({
      title: t.keyPage.markRevoked,
      ...isFixed,
      run: () => acts.edit(set("revoked"), told.revoked(label), set(state)),
    });
  }
  items.push(
    state === "archived"
      ? {
          title: t.keyPage.restore,
          apart: true,
          ...isFixed,
          run: () => acts.edit(set("active"), told.restored(label), set(state)),
        }
      : {
          title: t.keyPage.archive,
          apart: true,
          ...isFixed,
          run: () => acts.edit(set("archived"), told.archived(label), set(state)),
        },
    { title: t.keyPage.purgeKey, tone: "red", ...isFixed, run: acts.purge },
  );
  return items;
}
