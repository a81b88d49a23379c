/** One person trying to open the vault: what stands in the fields, what the agent said. */

import type { Backend } from "../../backend/backend";
import { toFault } from "../../backend/errors";
import type { CodeKind, Fault, StatusView } from "../../backend/generated/wire";
import { codeError, codeOf } from "../../components/code";
import { t } from "../../i18n/en";

const TICK = 250;

export class Attempt {
  password = $state("");
  code = $state("");
  kind = $state<CodeKind>("totp");
  passwordError = $state("");
  codeError = $state("");

  isTrying = $state(false);
  /** What the shell knew stands in the first picture; the agent is asked all the same. */
  status = $state.raw<StatusView | null>(null);
  fault = $state.raw<Fault | null>(null);
  /** Milliseconds until the next try is taken. */
  waitMs = $state(0);

  readonly #backend: Backend;
  #waitUntil = 0;
  #ticker: ReturnType<typeof setInterval> | undefined;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.status = backend.standing;
  }

  /** Looks whether there is a vault to open, and starts the agent if it is absent. */
  async look(): Promise<void> {
    try {
      this.status = await this.#backend.call("status", {});
      if (this.fault?.code === "no-agent") {
        this.fault = null;
      }
      this.#wait(this.status.throttled_ms ?? 0);
    } catch (refusal) {
      this.status = null;
      this.fault = toFault(refusal);
    }
  }

  /** `true` once the vault is open; the shell then changes the window. */
  async submit(): Promise<boolean> {
    if (this.isTrying || this.waitMs > 0 || !this.#isFilled()) {
      return false;
    }
    this.isTrying = true;
    this.fault = null;
    try {
      await this.#backend.call("unlock", {
        password: this.password,
        code: codeOf(this.kind, this.code),
      });
      this.password = "";
      return true;
    } catch (refusal) {
      this.fault = toFault(refusal);
      if (this.fault.code === "clock-moved-back") {
        this.kind = "recovery";
      }
      this.#wait(this.fault.retry_after_ms ?? 0);
      return false;
    } finally {
      // A code is good for one try.
      this.code = "";
      this.isTrying = false;
    }
  }

  /** Forgets what was typed and stops counting. */
  end(): void {
    this.password = "";
    this.code = "";
    clearInterval(this.#ticker);
  }

  #isFilled(): boolean {
    this.passwordError = this.password === "" ? t.unlock.needPassword : "";
    this.codeError = codeError(this.kind, this.code);
    return this.passwordError === "" && this.codeError === "";
  }

  #wait(milliseconds: number): void {
    clearInterval(this.#ticker);
    this.waitMs = milliseconds;
    if (milliseconds <= 0) {
      return;
    }
    this.#waitUntil = performance.now() + milliseconds;
    this.#ticker = setInterval(() => {
      this.waitMs = Math.max(0, this.#waitUntil - performance.now());
      if (this.waitMs === 0) {
        clearInterval(this.#ticker);
        if (this.fault?.code === "throttled") {
          this.fault = null;
        }
      }
    }, TICK);
  }
}
