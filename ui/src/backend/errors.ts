/** A refusal as the pages see it: always a `Fault`, with words of ours for its code. */

import { t } from "../i18n/en";
import { ERROR_CODES, type ErrorCode, type Fault } from "./generated/wire";

/** Whatever was thrown, as a fault. Text that is not the agent's is not shown as if it were. */
export function toFault(refusal: unknown): Fault {
  if (isFault(refusal)) {
    return refusal;
  }
  const message =
    typeof refusal === "string" ? refusal : "the window and its shell did not understand each other";
  return { code: "internal", message };
}

function isFault(value: unknown): value is Fault {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const { code, message } = value as { code?: unknown; message?: unknown };
  return typeof message === "string" && ERROR_CODES.includes(code as ErrorCode);
}

/** Words for codes that mean something of their own in one place. */
export type Instead = Partial<Record<ErrorCode, (message: string) => string>>;

/** What happened and what to do, in our words. Names of commands stand between backticks. */
export function words(fault: Fault, instead: Instead = {}): string {
  return (instead[fault.code] ?? t.fault[fault.code])(fault.message);
}
