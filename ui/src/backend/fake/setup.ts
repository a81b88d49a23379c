/** Making a vault, another authenticator, a new machine and a restored backup, in memory. */

import { requireStrength } from "./small";
import { fault, think, type Handlers } from "./handlers";
import { CODE, plain, RECOVERY_SECRET, requirePresence, type World } from "./world";

const SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const OTPAUTH = `otpauth://totp/Strongroom:vault?secret=${SEED}&issuer=Strongroom`;
/** Modules of a QR code of version 5, which an address of this length needs. */
const MODULES = 37;

export function setupHandlers(world: World): Handlers {
  let isBegun = false;
  return {
    create_begin: async ({ password }) => {
      await think(world.thinkMs);
      requireStrength(password);
      isBegun = true;
      return { otpauth: OTPAUTH, seed: SEED, kdf: { memory_mib: 256, passes: 3, lanes: 4 }, kdf_ms: 900 };
    },
    create_confirm: async ({ code, kit_path, backup_folder }) => {
      await think(world.thinkMs);
      if (!isBegun) {
        throw fault("refused", "nothing is being made on this connection; begin again");
      }
      if (code !== CODE) {
        throw fault("wrong-credentials", "wrong code");
      }
      world.status = { ...world.status, state: "unlocked", keys: 0, due: 0, overdue: 0 };
      return {
        vault_id: "0".repeat(32),
        kit: typeof kit_path === "string" ? { path: kit_path, fingerprint: "7Q2M-X4WD-P9TC-HJRV", recovery_codes: 10 } : null,
        notes: backup_folder === "/" ? ["The second folder for backups was not taken: it cannot be written."] : [],
      };
    },
    qr: () => ({ rows: invented() }),
    totp_reset_begin: async ({ step_up }) => {
      await think(world.thinkMs);
      requirePresence(step_up, true);
      isBegun = true;
      return { otpauth: OTPAUTH, seed: SEED };
    },
    totp_reset_confirm: ({ code }) => {
      if (!isBegun || code !== CODE) {
        throw fault("wrong-credentials", "wrong code");
      }
      return {};
    },
    unlock_new_device: async ({ password, recovery_secret, code }) => {
      await think(world.thinkMs);
      requirePresence({ code, password }, true);
      if (plain(recovery_secret) !== plain(RECOVERY_SECRET)) {
        throw fault("wrong-credentials", "wrong password, kit or code");
      }
      world.status = { ...world.status, state: "unlocked", device_secret: "present" };
      world.onopen();
      return { vault_id: "0".repeat(32), keys: world.rows.length, failed_tries: 0, recovery_codes_left: 10, rollback_alarm: null, notes: [] };
    },
    restore_backup: async ({ password, code }) => {
      await think(world.thinkMs);
      requirePresence({ code, password }, true);
      world.status = { ...world.status, state: "locked", device_secret: "present" };
      return { keys: world.rows.length, epoch: 41, kept_aside: "/home/ada/.local/share/strongroom/vault.aside-2026-11-25" };
    },
  };
}

/** Looks like a QR code, and says nothing: the finders are there, the rest is noise. */
function invented(): string[] {
  const finder = (row: number, column: number): string | null => {
    for (const [top, left] of [[0, 0], [0, MODULES - 7], [MODULES - 7, 0]] as const) {
      const y = row - top;
      const x = column - left;
      if (y >= -1 && y <= 7 && x >= -1 && x <= 7) {
        const ring = Math.max(Math.abs(y - 3), Math.abs(x - 3));
        return ring === 2 || ring === 4 ? "0" : "1";
      }
    }
    return null;
  };
  let noise = 7;
  return Array.from({ length: MODULES }, (_, row) =>
    Array.from({ length: MODULES }, (_, column) => {
      noise = (noise * 1_103_515_245 + 12_345) & 0x7fffffff;
      return finder(row, column) ?? ((noise >> 16) & 1 ? "1" : "0");
    }).join(""),
  );
}
