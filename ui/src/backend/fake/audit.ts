/** An invented audit log of some months, made entry by entry as it is asked for. */

import type { AuditEntry, KeyRow } from "../generated/wire";
import { fault, think, type Handlers } from "./handlers";

const MINUTE = 60_000;
const SIZE = 1_284;
/** As many as a frame of 64 KiB holds. */
const FRAME = 200;

export const THIS_DEVICE = "6f1c".padEnd(32, "0");
export const OTHER_DEVICE = "b27e".padEnd(32, "0");

/** What a week of a trader's vault looks like, newest first, over and over. */
const WEEK: readonly (readonly [event: string, client: string, about: boolean])[] = [
  ["unlocked", "desktop", false],
  ["copied", "desktop", true],
  ["revealed", "desktop", true],
  ["entry-edited", "desktop", true],
  ["stepped-up", "desktop", false],
  ["ran", "cli", true],
  ["ran", "cli", true],
  ["locked", "agent", false],
  ["backed-up", "agent", false],
  ["unlocked", "cli", false],
  ["reminder-snoozed", "desktop", true],
  ["secret-added", "desktop", true],
  ["entry-added", "desktop", true],
  ["reminder-acknowledged", "desktop", true],
  ["settings-changed", "desktop", false],
  ["locked", "agent", false],
  ["backup-failed", "agent", false],
  ["kit-tested", "desktop", false],
  ["imported", "desktop", false],
  ["audit-exported", "cli", false],
  ["device-enrolled", "cli", false],
  ["entry-archived", "desktop", true],
  ["secret-purged", "desktop", true],
  ["password-changed", "desktop", false],
];

export function auditHandlers(rows: () => readonly KeyRow[], thinkMs: number): Handlers {
  const began = Date.now();

  function entry(seq: number): AuditEntry {
    if (seq === 0) {
      return line(seq, "created", "desktop", null, "allowed");
    }
    const back = SIZE - 1 - seq;
    const [event, client, about] = WEEK[back % WEEK.length] ?? ["unlocked", "desktop", false];
    const keys = rows();
    const key = about && keys.length > 0 ? (keys[(back * 7) % keys.length] ?? null) : null;
    const decision = back % 41 === 9 ? "denied" : back % 97 === 16 ? "failed" : "allowed";
    return line(seq, event, client, key, decision);
  }

  function line(
    seq: number,
    event: string,
    client: string,
    key: KeyRow | null,
    decision: string,
  ): AuditEntry {
    const back = SIZE - 1 - seq;
    const isGone = key !== null && back % 53 === 21;
    return {
      seq,
      utc_ms: began - (4 + back * 173 + (back % 7) * 31) * MINUTE,
      device: back % 19 === 6 ? OTHER_DEVICE : THIS_DEVICE,
      actor: client === "agent" ? "program" : "person",
      client,
      event,
      entry_id: key?.id ?? null,
      label: isGone ? null : (key?.label ?? null),
      decision,
    };
  }

  return {
    audit_list: ({ before_seq, limit, key, event }) => {
      const about = key === null ? null : rows().find((row) => row.id === key || row.label === key);
      if (about === undefined) {
        throw fault("not-found", "there is no key of that name");
      }
      const entries: AuditEntry[] = [];
      let seq = Math.min(before_seq ?? SIZE, SIZE);
      while (seq > 0 && entries.length < Math.min(limit, FRAME)) {
        seq -= 1;
        const found = entry(seq);
        if (
          (event === null || found.event === event) &&
          (about === null || found.entry_id === about.id)
        ) {
          entries.push(found);
        }
      }
      return { entries, size: SIZE, next_before_seq: seq > 0 ? seq : null };
    },
    audit_verify: async () => {
      await think(thinkMs);
      return {
        size: SIZE,
        root: "9c4f1b7ae0d25863".repeat(4),
        anchored_size: SIZE - 3,
        checkpoint_signer: "strongroom/audit/5b0e7d42+1f0c8a6e+AbQ2m0Zt7o4l1bqN0s3m5h8Wv2eK",
        claim: `All ${SIZE} entries hash to the root in the state record. This device has anchored the first ${SIZE - 3}, and this vault's audit key has signed the first ${SIZE - 20}. The log is tamper-evident up to there and attributable to device keys; to others it proves what a checkpoint they hold covers.`,
      };
    },
    audit_export: ({ path }) => {
      if (!path.startsWith("/")) {
        throw fault("invalid", "the export: an absolute path");
      }
      if (path.startsWith("/missing/")) {
        throw fault("not-found", "The folder for that file is not there");
      }
      if (path.endsWith("there.jsonl")) {
        throw fault("refused", "A file of that name is already there; choose another one");
      }
      return { path, bytes: 219_482 };
    },
  };
}
