/** What each critical act calls, and what the main window hears of it. Its words are in en.ts. */

import type { Backend } from "../../backend/backend";
import type { Act, Outcome, StepUp } from "../../backend/generated/wire";

/** Acts for which the agent wants the password beside the code. */
export function needsPassword(act: Act): boolean {
  return act.kind === "new-kit" || act.kind === "rotate-vault-key" || act.kind === "restore";
}

/** Acts after which something is gone for good, or trusted for good. */
export function isFinal(act: Act): boolean {
  return ["purge", "remove-device", "restore", "acknowledge-alarm", "trust-new-key", "offboard", "export"].includes(act.kind);
}

/** Acts that take a second or more: a key is derived, or an exchange is waited for. */
export function isLong(act: Act): boolean {
  return (
    needsPassword(act) ||
    ["ask-exchange", "read-answer", "make-share", "apply-share", "export"].includes(act.kind)
  );
}

/**
 * `answer` is what was pasted, for the act that reads it. What is shown here and nowhere else goes
 * to `onsecret` and is no part of what the main window hears.
 */
export async function perform(
  backend: Backend,
  act: Act,
  stepUp: StepUp,
  answer: string,
  onsecret: (secret: string) => void,
): Promise<Outcome> {
  const step_up = stepUp;
  switch (act.kind) {
    case "copy": {
      const { clears_after_s } = await backend.call("copy", {
        key: act.key,
        field: act.field,
        step_up,
      });
      return { kind: "copied", key: act.key, field: act.field, clears_after_s };
    }
    case "purge":
      await backend.call("purge", { key: act.key, what: act.what, step_up });
      return { kind: "done" };
    case "remove-device":
      await backend.call("device_remove", { id: act.id, step_up });
      return { kind: "done" };
    case "new-kit":
      return { kind: "kit", kit: await backend.call("recovery_kit", { path: act.path, step_up }) };
    case "rotate-vault-key": {
      const rotated = await backend.call("rotate_vault_key", { kit_path: act.kit_path, step_up });
      return { kind: "vault-key-rotated", rotated };
    }
    case "restore": {
      const { keys, kept_aside } = await backend.call("restore_backup", {
        path: act.path,
        password: step_up.password ?? "",
        code: step_up.code,
      });
      return { kind: "restored", keys, kept_aside };
    }
    case "acknowledge-alarm":
      await backend.call("acknowledge_alarm", { step_up });
      return { kind: "done" };
    case "grace": {
      const { until_ms } = await backend.call("step_up", { step_up });
      return { kind: "grace-until", until_ms };
    }
    case "ask-exchange":
    case "read-answer": {
      const brought = act.kind === "read-answer" ? answer : null;
      const checked = await backend.call("ask_with_code", { key: act.key, answer: brought, step_up });
      return { kind: "checked", checked };
    }
    case "schedule-checks":
      await backend.call("check_schedule", {
        key: act.key,
        every_days: act.every_days,
        despite_rising_numbers: act.despite_rising_numbers,
        step_up,
      });
      return { kind: "done" };
    case "ask-elsewhere": {
      const { clears_after_s } = await backend.call("check_elsewhere", { key: act.key, step_up });
      return { kind: "question-copied", clears_after_s };
    }
    case "make-share": {
      const made = await backend.call("share_write", { share: act.share, agreed: act.agreed, path: act.path, step_up });
      const { bytes, keys, secrets } = made;
      if (made.passphrase !== null) {
        onsecret(made.passphrase);
      }
      return { kind: "share-made", path: act.path, bytes, keys, secrets, passphrase: made.passphrase !== null };
    }
    case "apply-share": {
      const { plan, revision } = act;
      return { kind: "share-applied", applied: await backend.call("share_apply", { plan, revision, step_up }) };
    }
    case "trust-new-key": {
      const { contact, card, fingerprint } = act;
      await backend.call("contact_new_key", { contact, card, fingerprint, step_up });
      return { kind: "done" };
    }
    case "give-role": {
      const { contact, role, scope } = act;
      await backend.call("contact_set", { contact, rename: null, role, scope, step_up });
      return { kind: "done" };
    }
    case "offboard":
      return { kind: "offboarded", offboarded: await backend.call("offboard", { contact: act.contact, step_up }) };
    case "export": {
      const { which, format, path, keys } = act;
      return { kind: "exported", path, done: await backend.call("export_write", { which, format, path, keys, step_up }) };
    }
    case "grace-minutes":
      await backend.call("setting_set", { name: "grace-minutes", value: act.minutes, step_up });
      return { kind: "done" };
  }
}
