/** Short messages about what was just done, with a way to take it back. Errors are not here. */

export interface Toast {
  id: number;
  text: string;
  /** Seconds left are said behind the text, and the message leaves when they are over. */
  countdown?: (seconds: number) => string;
  action?: { label: string; run: () => void };
  /** Milliseconds on the page's clock at which it leaves. */
  endsMs: number;
}

/** Milliseconds a message stays that counts nothing. */
const STAYS = 6_000;

export class Toasts {
  list = $state.raw<readonly Toast[]>([]);
  nowMs = $state(0);

  #last = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Shows a message and gives its id. At most three are on the screen; the oldest leaves. */
  show(toast: Pick<Toast, "text" | "countdown" | "action"> & { seconds?: number }): number {
    const { seconds, ...shown } = toast;
    this.#last += 1;
    this.nowMs = performance.now();
    const endsMs = this.nowMs + (seconds === undefined ? STAYS : seconds * 1000);
    this.list = [...this.list, { ...shown, id: this.#last, endsMs }].slice(-3);
    this.#timer ??= setInterval(() => this.#tick(), 250);
    return this.#last;
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
    this.#rest();
  }

  clear(): void {
    this.list = [];
    this.#rest();
  }

  #tick(): void {
    this.nowMs = performance.now();
    this.list = this.list.filter((toast) => toast.endsMs > this.nowMs);
    this.#rest();
  }

  #rest(): void {
    if (this.list.length === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }
}
