/**
 * What a value usually looks like at its exchange, and whether what is being typed does. It is
 * pointed out and never refused: exchanges change their keys without telling anybody.
 */

import type { Alphabet, FieldShape, FieldTemplate } from "../../backend/generated/wire";
import { t } from "../../i18n/en";

export interface ShapeHint {
  words: string;
  /** The value is of no shape known. */
  isOdd: boolean;
}

const LETTERS: Record<Exclude<Alphabet, "pem">, RegExp> = {
  any: /^[^]*$/,
  hex: /^[0-9a-fA-F]*$/,
  "upper-hex": /^[0-9A-F]*$/,
  alphanumeric: /^[0-9a-zA-Z]*$/,
  base64: /^[0-9a-zA-Z+/]*={0,2}$/,
  "base64-url": /^[0-9a-zA-Z_-]*={0,2}$/,
  "hex-dashes": /^[0-9a-fA-F-]*$/,
};

const PEM = /^-----BEGIN [A-Z ]*PRIVATE KEY-----[^]+-----END [A-Z ]*PRIVATE KEY-----$/;

export function shapeHint(typed: string, shapes: readonly FieldShape[]): ShapeHint {
  const value = typed.trim();
  const blanks = value === typed || value === "" ? "" : ` ${t.secretWindow.shape.blanks}`;
  const all = shapes.map(inWords).join(t.secretWindow.shape.or);
  if (value === "" || shapes.length === 0) {
    return { words: value === "" && shapes.length > 0 ? t.secretWindow.shape.usual(all) : blanks.trim(), isOdd: false };
  }
  const fitting = shapes.find((shape) => fits(value, shape));
  if (fitting !== undefined) {
    return { words: t.secretWindow.shape.fits(inWords(fitting)) + blanks, isOdd: false };
  }
  return { words: why(value, shapes, all) + blanks, isOdd: true };
}

export function fitsAny(value: string, shapes: readonly FieldShape[]): boolean {
  return shapes.some((shape) => fits(value.trim(), shape));
}

/** Whether a value of this field has several lines. */
export function isMultiline(field: FieldTemplate): boolean {
  return field.shapes.some((shape) => shape.alphabet === "pem");
}

function fits(value: string, shape: FieldShape): boolean {
  const prefix = shape.prefix ?? "";
  if (!value.startsWith(prefix)) {
    return false;
  }
  if (shape.alphabet === "pem") {
    return PEM.test(value);
  }
  const rest = value.slice(prefix.length);
  return rest.length >= shape.least && rest.length <= shape.most && LETTERS[shape.alphabet].test(rest);
}

function inWords(shape: FieldShape): string {
  const { of, count, alphabet } = t.secretWindow.shape;
  return shape.alphabet === "pem"
    ? alphabet.pem
    : of(shape.prefix ?? "", count(shape.least, shape.most), alphabet[shape.alphabet]);
}

/** The first thing that differs, of the shape that is nearest: one sentence, not a list. */
function why(value: string, shapes: readonly FieldShape[], all: string): string {
  const words = t.secretWindow.shape;
  const line = shapes.find((shape) => shape.alphabet !== "pem");
  if (line === undefined || value.includes("-----BEGIN")) {
    return words.usual(all);
  }
  const prefix = line.prefix ?? "";
  if (!value.startsWith(prefix)) {
    return words.prefix(prefix);
  }
  const rest = value.slice(prefix.length);
  const letters = line.alphabet === "pem" ? LETTERS.any : LETTERS[line.alphabet];
  return letters.test(rest) ? words.length(all, rest.length) : words.characters(all);
}
