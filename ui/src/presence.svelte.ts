/**
 * One person showing that they are there: a code and, where an act asks for it, the password. What
 * was typed is forgotten as soon as the agent has answered.
 */

import { toFault } from "./backend/errors";
import type { CodeKind, Fault, StepUp } from "./backend/generated/wire";
import { codeError, codeOf } from "./components/code";
import { t } from "./i18n/en";

const TICK = 250;

export class Presence {
  code = $state("");
  kind = $state<CodeKind>("totp");
  password = $state("");
  codeError = $state("");
  passwordError = $state("");

  isBusy = $state(false);
  fault = $state.raw<Fault | null>(null);
  /** Milliseconds until the next try is taken. */
  waitMs = $state(0);

  readonly needsPassword: boolean;
  #waitUntil = 0;
  #ticker: ReturnType<typeof setInterval> | undefined;

  constructor(needsPassword: boolean) {
    this.needsPassword = needsPassword;
  }

  /** Whether it can be sent; says beside each field what is missing. */
  isFilled(): boolean {
    this.passwordError = this.needsPassword && this.password === "" ? t.unlock.needPassword : "";
    this.codeError = codeError(this.kind, this.code);
    return this.passwordError === "" && this.codeError === "";
  }

  /** What the act gives, or `null` where it was not tried or was refused. */
  async run<Reply>(act: (stepUp: StepUp) => Promise<Reply>): Promise<Reply | null> {
    if (this.isBusy || this.waitMs > 0 || !this.isFilled()) {
      return null;
    }
    this.isBusy = true;
    this.fault = null;
    try {
      const code = codeOf(this.kind, this.code);
      const reply = await act(this.needsPassword ? { code, password: this.password } : { code });
      this.password = "";
      return reply;
    } catch (refusal) {
      this.refuse(toFault(refusal));
      return null;
    } finally {
      // A code is good for one try.
      this.code = "";
      this.isBusy = false;
    }
  }

  refuse(fault: Fault): void {
    this.fault = fault;
    if (fault.code === "clock-moved-back") {
      this.kind = "recovery";
    }
    this.#wait(fault.retry_after_ms ?? 0);
  }

  /** Forgets what was typed and stops counting. */
  end(): void {
    this.password = "";
    this.code = "";
    clearInterval(this.#ticker);
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
