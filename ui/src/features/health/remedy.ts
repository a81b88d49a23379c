/** The one thing to do about a finding, as an act of the window. */

import type { FindingView } from "../../backend/generated/wire";
import { t } from "../../i18n/en";
import { keyOf } from "./findings.svelte";

export type Remedy =
  | { kind: "rotation" | "revocation" | "vendor"; title: string }
  | { kind: "edit" | "key" | "consumer" | "backup" | "kit" | "self-test"; title: string }
  | { kind: "none" };

export function remedyOf(finding: FindingView): Remedy {
  const title = t.health.act[finding.act];
  switch (finding.act) {
    case "edit-allowlist":
    case "edit-permissions":
      return { kind: "edit", title };
    case "edit-consumers":
      return keyOf(finding) === null
        ? { kind: "consumer", title: t.health.keysOf }
        : { kind: "edit", title };
    case "rotate":
      return { kind: "rotation", title };
    case "revoke":
      return { kind: "revocation", title };
    case "check":
    case "show":
      return { kind: "key", title };
    case "backup":
      return { kind: "backup", title };
    case "test-kit":
      return { kind: "kit", title };
    case "auto-lock":
      return { kind: "self-test", title };
    case "review-vendor":
      return { kind: "vendor", title };
    case "update":
      return { kind: "none" };
  }
}
