/** What stands in an allowlist, checked as the agent will check it, so that it is said at once. */

import { t } from "../../i18n/en";

export interface Rule {
  address: string;
  host: string;
}

interface Parsed {
  bits: bigint;
  width: 32 | 128;
}

function parseV4(text: string): Parsed | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    return null;
  }
  return { bits: parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n), width: 32 };
}

function parseV6(text: string): Parsed | null {
  const halves = text.split("::");
  if (halves.length > 2) {
    return null;
  }
  const groupsOf = (half: string | undefined): bigint[] | null => {
    if (half === undefined || half === "") {
      return [];
    }
    const groups: bigint[] = [];
    const pieces = half.split(":");
    for (const [at, piece] of pieces.entries()) {
      const v4 = at === pieces.length - 1 && piece.includes(".") ? parseV4(piece) : null;
      if (v4 !== null) {
        groups.push(v4.bits >> 16n, v4.bits & 0xffffn);
      } else if (/^[0-9a-f]{1,4}$/i.test(piece)) {
        groups.push(BigInt(`0x${piece}`));
      } else {
        return null;
      }
    }
    return groups;
  };
  const [before, after] = [groupsOf(halves[0]), groupsOf(halves[1])];
  if (before === null || after === null) {
    return null;
  }
  const missing = 8 - before.length - after.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) {
    return null;
  }
  const groups = [...before, ...new Array<bigint>(missing).fill(0n), ...after];
  return { bits: groups.reduce((bits, group) => (bits << 16n) | group, 0n), width: 128 };
}

/** Why an address or network is not taken; empty where it is. */
export function addressProblem(text: string): string {
  const words = t.editor.need;
  const [address = "", prefix, more] = text.trim().split("/");
  const parsed = parseV4(address) ?? parseV6(address);
  if (parsed === null || more !== undefined) {
    return words.address;
  }
  const { bits, width } = parsed;
  let length: number = width;
  if (prefix !== undefined) {
    length = /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
    if (length < 0 || length > width) {
      return words.prefix(width);
    }
  }
  if (length === 0 || bits === 0n) {
    return words.everything;
  }
  if (width === 128 && bits >> 32n === 0xffffn) {
    return words.mapped;
  }
  const behind = (1n << BigInt(width - length)) - 1n;
  return (bits & behind) === 0n ? "" : words.hostBits;
}

/** Lines as people keep them: an address, and a name for the host behind a blank, comma or hash. */
export function rulesIn(text: string): Rule[] {
  return text
    .split(/[\n;]+|,(?=\s*[0-9a-f:.]+(?:\/\d+)?\s*(?:,|$))/i)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [address = "", ...rest] = line.split(/[\s,#]+/);
      return { address, host: rest.join(" ").trim() };
    });
}
