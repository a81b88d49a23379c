/**
 * The vault's settings as a page edits them: read as one table, saved one by one, and the agent's
 * refusal kept beside the setting it is about.
 */

import type { Backend } from "./backend";
import { toFault, words } from "./errors";
import type { Fault, Setting, SettingsView } from "./generated/wire";
import { t } from "../i18n/en";

/** How far the saving of one setting is. */
export type Saving = "no" | "saving" | "saved" | "asked";

export class SettingsBook {
  /** `null` before the first answer. */
  all = $state.raw<readonly Setting[] | null>(null);
  /** Why the table could not be read. */
  fault = $state.raw<Fault | null>(null);
  /** Refusals by the setting's name. */
  errors = $state.raw<Readonly<Record<string, string>>>({});
  saving = $state.raw<Readonly<Record<string, Saving>>>({});
  /** Grows when what was typed may be given up: a code was asked for, and was given or not. */
  turn = $state(0);

  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async load(): Promise<void> {
    try {
      this.#take(await this.#backend.call("settings", {}));
      this.fault = null;
    } catch (refusal) {
      this.fault = toFault(refusal);
    }
  }

  get(name: string): Setting | undefined {
    return this.all?.find((setting) => setting.name === name);
  }

  value(name: string): string {
    return this.get(name)?.value ?? "";
  }

  error(name: string): string {
    return this.errors[name] ?? "";
  }

  dismiss(name: string): void {
    this.errors = { ...this.errors, [name]: "" };
  }

  /** Saves a value that is another one. `false` where it was refused or waits for a code. */
  async set(name: string, value: string): Promise<boolean> {
    this.dismiss(name);
    if (this.get(name)?.value === value) {
      return true;
    }
    this.#mark(name, "saving");
    try {
      this.#take(await this.#backend.call("setting_set", { name, value }));
      this.#mark(name, "saved");
      return true;
    } catch (refusal) {
      await this.#refused(name, value, toFault(refusal));
      return false;
    }
  }

  async reset(name: string): Promise<boolean> {
    const setting = this.get(name);
    return setting === undefined ? false : await this.set(name, setting.default);
  }

  /** The step-up window closed, and with it the wait for a code. */
  async answered(): Promise<void> {
    this.saving = {};
    await this.load();
    this.turn += 1;
  }

  async #refused(name: string, value: string, fault: Fault): Promise<void> {
    if (fault.code !== "step-up-required" || name !== "grace-minutes") {
      this.#mark(name, "no");
      // The agent names the setting first; here it stands beside it.
      const invalid = (message: string) => t.settings.notSaved(message.replace(`${name}: `, ""));
      this.errors = { ...this.errors, [name]: words(fault, { invalid }) };
      return;
    }
    try {
      const act = { kind: "grace-minutes", minutes: value } as const;
      await this.#backend.call("open_window", { task: { kind: "step-up", act } });
      this.#mark(name, "asked");
    } catch (refusal) {
      this.#mark(name, "no");
      this.errors = { ...this.errors, [name]: words(toFault(refusal)) };
    }
  }

  #take(view: SettingsView): void {
    this.all = view.settings;
  }

  #mark(name: string, saving: Saving): void {
    this.saving = { ...this.saving, [name]: saving };
  }
}
