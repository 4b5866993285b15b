/** The button: held for a second by finger or key, or pressed twice by whoever cannot hold (screen readers, tremor). */
export const HOLD_MS = 1000;
const ARMED_MS = 10_000;
const APART_MS = 350; // one double tap by accident is not two presses

export interface HoldEvents {
  start(): void;
  cancel(): void;
  armed(): void;
  disarmed(): void;
  fire(): void;
}

class Hold {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private fade: ReturnType<typeof setTimeout> | undefined;
  private armedAt: number | null = null;
  private firedAt = -Infinity;

  constructor(private readonly on: HoldEvents) {}

  begin = (): void => {
    if (this.timer !== undefined) return;
    this.on.start();
    this.timer = setTimeout(() => this.fire(), HOLD_MS);
  };

  /** True when a hold was going on and is given up. */
  end = (): boolean => {
    if (this.timer === undefined) return false;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.on.cancel();
    return true;
  };

  press(): void {
    const now = performance.now();
    if (now - this.firedAt < 1500) return; // the click that follows the hold itself
    if (this.armedAt !== null) return now - this.armedAt < APART_MS ? undefined : this.fire();
    this.armedAt = now;
    this.on.armed();
    this.fade = setTimeout(() => {
      this.armedAt = null;
      this.on.disarmed();
    }, ARMED_MS);
  }

  private fire(): void {
    clearTimeout(this.timer);
    clearTimeout(this.fade);
    this.timer = undefined;
    this.armedAt = null;
    this.firedAt = performance.now();
    this.on.fire();
  }
}

export function attachHold(button: HTMLElement, on: HoldEvents): void {
  const hold = new Hold(on);
  const isKey = (e: KeyboardEvent) => e.key === "Enter" || e.key === " ";
  button.addEventListener("pointerdown", (e) => {
    if (e.button === 0) hold.begin();
  });
  for (const name of ["pointerup", "pointerleave", "pointercancel", "blur"]) button.addEventListener(name, hold.end);
  button.addEventListener("contextmenu", (e) => e.preventDefault());
  button.addEventListener("keydown", (e) => {
    if (!isKey(e)) return;
    e.preventDefault();
    if (!e.repeat) hold.begin();
  });
  button.addEventListener("keyup", (e) => {
    if (!isKey(e)) return;
    e.preventDefault();
    if (hold.end()) hold.press();
  });
  button.addEventListener("click", () => hold.press());
}
