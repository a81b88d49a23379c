/** Whether what stands in a code field can be sent at all. Blanks never matter. */

import type { Code, CodeKind } from "../backend/generated/wire";
import { t } from "../i18n/en";

export function codeError(kind: CodeKind, value: string): string {
  const plain = value.replaceAll(/\s/g, "");
  if (kind === "totp") {
    return /^[0-9]{6}$/.test(plain) ? "" : t.code.needTotp;
  }
  return plain === "" ? t.code.needRecovery : "";
}

export function codeOf(kind: CodeKind, value: string): Code {
  return { kind, value: kind === "totp" ? value.replaceAll(/\s/g, "") : value.trim() };
}
