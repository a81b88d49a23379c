/** Small things about the look of a page, remembered where the web view keeps its own data. */

/** What was remembered under this name, if it still makes sense. */
export function remembered<T>(name: string, fallback: T, makesSense: (value: unknown) => value is T): T {
  try {
    const text = localStorage.getItem(`strongroom.${name}`);
    const value: unknown = text === null ? null : JSON.parse(text);
    return makesSense(value) ? value : fallback;
  } catch {
    return fallback;
  }
}

export function remember(name: string, value: unknown): void {
  try {
    localStorage.setItem(`strongroom.${name}`, JSON.stringify(value));
  } catch {
    // Nothing to keep it in: the next window begins as the first one did.
  }
}
