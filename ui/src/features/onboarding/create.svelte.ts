/** A vault being made: what was answered on each step, and what the agent said. */

import { Acting } from "../../backend/acting.svelte";
import type { Backend } from "../../backend/backend";
import { toFault } from "../../backend/errors";
import type {
  CreateBegun,
  CreateConfirmed,
  SecretPlace,
  StatusView,
} from "../../backend/generated/wire";
import { codeError } from "../../components/code";
import { LEAST_CHARACTERS } from "../../components/strength";
import { t } from "../../i18n/en";
import { pathError } from "../../restore.svelte";

export const STEPS = ["password", "places", "authenticator", "kit", "done"] as const;
export type Step = (typeof STEPS)[number];

export class Creating extends Acting {
  step = $state<Step>("password");
  status = $state.raw<StatusView | null>(null);

  password = $state("");
  passwordError = $state("");
  place = $state<SecretPlace>("keyring");
  name = $state("");

  kitPath = $state("");
  kitError = $state("");
  backupFolder = $state("");
  backupError = $state("");

  begun = $state.raw<CreateBegun | null>(null);
  rows = $state.raw<readonly string[]>([]);
  code = $state("");
  codeError = $state("");

  created = $state.raw<CreateConfirmed | null>(null);
  isKitTested = $state(false);

  readonly #backend: Backend;

  constructor(backend: Backend) {
    super();
    this.#backend = backend;
  }

  get hasNoKeyring(): boolean {
    return this.status?.device_secret === "no-keyring";
  }

  async look(): Promise<void> {
    try {
      this.status = await this.#backend.call("status", {});
      if (this.hasNoKeyring) {
        this.place = "file";
      }
      this.fault = null;
    } catch (refusal) {
      this.fault = toFault(refusal);
    }
  }

  /** The agent judges the password and derives its key; the page forgets it. */
  async begin(): Promise<void> {
    this.passwordError =
      [...this.password].length < LEAST_CHARACTERS ? t.setup.needPassword : "";
    if (this.passwordError !== "") {
      return;
    }
    await this.act(async () => {
      const name = this.name.trim();
      this.begun = await this.#backend.call("create_begin", {
        password: this.password,
        place: this.place,
        ...(name === "" ? {} : { name }),
      });
      this.password = "";
      this.rows = await this.#qr(this.begun.otpauth);
      this.step = "places";
    });
    if (this.fault?.code === "invalid") {
      this.passwordError = sentence(this.fault.message);
      this.fault = null;
    }
  }

  /** Paths are only looked at here; the agent takes them together with the code. */
  places(): void {
    this.kitError = this.kitPath.trim() === "" ? t.setup.needKit : pathError(this.kitPath);
    this.#placesTaken();
  }

  withoutKit(): void {
    this.kitPath = "";
    this.kitError = "";
    this.#placesTaken();
  }

  #placesTaken(): void {
    this.backupError = this.backupFolder.trim() === "" ? "" : pathError(this.backupFolder);
    if (this.kitError === "" && this.backupError === "") {
      this.step = "authenticator";
    }
  }

  async confirm(): Promise<void> {
    this.codeError = codeError("totp", this.code);
    if (this.codeError !== "") {
      return;
    }
    await this.act(async () => {
      this.created = await this.#backend.call("create_confirm", {
        code: this.code.replaceAll(/\s/g, ""),
        kit_path: this.kitPath.trim() === "" ? null : this.kitPath.trim(),
        backup_folder: this.backupFolder.trim() === "" ? null : this.backupFolder.trim(),
      });
      this.begun = null;
      this.rows = [];
      this.step = this.created.kit === null ? "done" : "kit";
    });
    this.code = "";
    if (this.fault?.code === "wrong-credentials") {
      this.codeError = t.setup.wrongCode;
      this.fault = null;
    }
  }

  back(): void {
    this.fault = null;
    this.step = this.step === "authenticator" ? "places" : "password";
  }

  forget(): void {
    this.password = "";
    this.code = "";
    this.begun = null;
    this.rows = [];
  }

  readonly choose = async (purpose: "kit" | "backup-folder"): Promise<string | null> =>
    (await this.#backend.call("choose_path", { purpose })).path;

  /** Without the drawing the seed can still be typed. */
  async #qr(text: string): Promise<readonly string[]> {
    try {
      return (await this.#backend.call("qr", { text })).rows;
    } catch {
      return [];
    }
  }
}

/** The agent's clause as a sentence of its own. */
export function sentence(message: string): string {
  return `${message.charAt(0).toLocaleUpperCase("en")}${message.slice(1)}${/[.:]$/.test(message) ? "" : "."}`;
}
