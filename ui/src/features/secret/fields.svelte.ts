/** The values of one key while they are typed: by the exchange's template, and of one's own. */

import type { ExchangeView, FieldInput, FieldTemplate } from "../../backend/generated/wire";
import { t } from "../../i18n/en";
import { fitsAny, isMultiline, shapeHint, type ShapeHint } from "./shape";

/** Where nothing is known of an exchange. */
const USUAL: FieldTemplate[] = [
  { name: "apiKey", secret: false, required: true, shapes: [] },
  { name: "secret", secret: true, required: true, shapes: [] },
];

export class TypedField {
  readonly template: FieldTemplate;
  readonly isOwn: boolean;
  readonly isMultiline: boolean;
  name = $state("");
  value = $state("");
  error = $state("");
  nameError = $state("");

  constructor(template: FieldTemplate, isOwn: boolean) {
    this.template = template;
    this.isOwn = isOwn;
    this.isMultiline = isMultiline(template);
    this.name = template.name;
  }

  get hint(): ShapeHint {
    return shapeHint(this.value, this.template.shapes);
  }
}

export class KeyFields {
  list = $state.raw<TypedField[]>([]);

  constructor(exchange: ExchangeView | undefined) {
    const templates = exchange?.fields ?? [];
    this.list = (templates.length === 0 ? USUAL : templates).map(
      (template) => new TypedField(template, false),
    );
  }

  /** What looks odd between fields, in one sentence; empty where nothing does. */
  get oddity(): string {
    for (const [index, one] of this.list.entries()) {
      for (const other of this.list.slice(index + 1)) {
        const [a, b] = [one.value.trim(), other.value.trim()];
        if (a === "" || b === "") {
          continue;
        }
        if (a === b) {
          return t.secretWindow.same(one.name, other.name);
        }
        const isSwapped =
          one.hint.isOdd &&
          other.hint.isOdd &&
          fitsAny(a, other.template.shapes) &&
          fitsAny(b, one.template.shapes);
        if (isSwapped) {
          return t.secretWindow.swapped(one.name, other.name);
        }
      }
    }
    return "";
  }

  get isEmpty(): boolean {
    return this.list.every((field) => field.value.trim() === "");
  }

  addOwn(): TypedField {
    const own = new TypedField({ name: "", secret: true, required: true, shapes: [] }, true);
    this.list = [...this.list, own];
    return own;
  }

  remove(field: TypedField): void {
    this.list = this.list.filter((other) => other !== field);
  }

  /** What can be sent, or `null` with the reason beside each field. */
  taken(): FieldInput[] | null {
    for (const field of this.list) {
      const isEmpty = field.value.trim() === "";
      const name = field.name.trim();
      field.error = isEmpty && field.template.required ? t.secretWindow.needField(name) : "";
      const isTaken = this.list.some((other) => other !== field && other.name.trim() === name);
      field.nameError = !field.isOwn
        ? ""
        : name === ""
          ? t.secretWindow.needName
          : isTaken
            ? t.secretWindow.nameTaken
            : "";
    }
    if (this.list.some((field) => field.error !== "" || field.nameError !== "")) {
      return null;
    }
    return this.list
      .filter((field) => field.value.trim() !== "")
      .map((field) => ({ name: field.name.trim(), value: field.value }));
  }

  forget(): void {
    for (const field of this.list) {
      field.value = "";
    }
  }
}
