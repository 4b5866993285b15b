/** The button: held for a second by finger or key, or pressed twice by whoever cannot hold (screen readers). */
export const HOLD_MS = 1000;

export interface HoldEvents { start(): void; cancel(): void; armed(): void; fire(): void }

export function attachHold(button: HTMLElement, on: HoldEvents): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let armedUntil = 0;
  let fired = 0;
  const begin = () => {
    if (timer !== undefined) return;
    on.start();
    timer = setTimeout(() => {
      timer = undefined;
      fired = Date.now();
      on.fire();
    }, HOLD_MS);
  };
  const end = () => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    on.cancel();
  };
  button.addEventListener("pointerdown", (e) => {
    if (e.button === 0) begin();
  });
  for (const name of ["pointerup", "pointerleave", "pointercancel"]) button.addEventListener(name, end);
  button.addEventListener("contextmenu", (e) => e.preventDefault());
  button.addEventListener("keydown", (e) => {
    if ((e.key === "Enter" || e.key === " ") && !e.repeat) begin();
    if (e.key === "Enter" || e.key === " ") e.preventDefault();
  });
  button.addEventListener("keyup", end);
  button.addEventListener("blur", end);
  // A click that no pointer or key made comes from a screen reader or switch: two of them within 10 s count.
  button.addEventListener("click", (e) => {
    if (Date.now() - fired < 1500 || e.detail > 1) return;
    if (Date.now() < armedUntil) {
      armedUntil = 0;
      on.fire();
    } else {
      armedUntil = Date.now() + 10_000;
      on.armed();
    }
  });
}
