/** jsdom lays nothing out: sizes are said here, so that tables draw rows. */

import { configure } from "@testing-library/svelte";

// A loaded machine is slow, and what is waited for is still the thing itself.
configure({ asyncUtilTimeout: 10_000 });

const HEIGHT = 680;
const WIDTH = 1060;

Object.defineProperties(HTMLElement.prototype, {
  clientHeight: { configurable: true, get: () => HEIGHT },
  clientWidth: { configurable: true, get: () => WIDTH },
});

class Observer implements ResizeObserver {
  readonly #told: ResizeObserverCallback;
  constructor(told: ResizeObserverCallback) {
    this.#told = told;
  }
  observe(target: Element): void {
    const entry = { target } as unknown as ResizeObserverEntry;
    queueMicrotask(() => this.#told([entry], this));
  }
  unobserve(): void {
    return;
  }
  disconnect(): void {
    return;
  }
}

globalThis.ResizeObserver = Observer;

// Nothing is laid out, so nothing is out of sight.
Element.prototype.scrollIntoView = () => undefined;
