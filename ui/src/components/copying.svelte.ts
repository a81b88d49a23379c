/** Text that is never secret, to the clipboard; selected where the clipboard is refused. */

/** Milliseconds in which it says that it was done. */
const SAID = 2_000;

export class Copying {
  stands = $state<"idle" | "copied" | "by-hand">("idle");

  /** `shown` holds the text on the screen. */
  async copy(text: string, shown: HTMLElement | undefined): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.stands = "copied";
      setTimeout(() => (this.stands = "idle"), SAID);
    } catch {
      this.stands = "by-hand";
      if (shown !== undefined) {
        getSelection()?.selectAllChildren(shown);
      }
    }
  }
}
