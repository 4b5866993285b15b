/** Fingers, mouse, wheel and keys on a map, told as moves of its view. */
import { moved, zoomed, type Size, type Spot, type View } from "./plane";

export interface Hand {
  view(): View;
  size(): Size;
  look(view: View): void;
  tap(at: Spot): void;
  next(step: 1 | -1): void;
  whole(): void;
  inset(): Spot;
}
const STILL_PX = 9; // a finger that moved less has pressed
const STEP_PX = 70;

export class Gestures {
  private readonly fingers = new Map<number, Spot>();
  private far = 0; // how far the first finger has gone
  private many = false;

  constructor(private readonly hand: Hand) {}

  private at(e: { clientX: number; clientY: number }): Spot {
    const { x, y } = this.hand.inset();
    return { x: e.clientX - x, y: e.clientY - y };
  }

  readonly down = (e: PointerEvent) => {
    if (e.pointerType === "mouse" && e.button !== 0) return;
    if (!this.fingers.size) [this.far, this.many] = [0, false];
    this.fingers.set(e.pointerId, this.at(e));
    if (this.fingers.size > 1) this.many = true;
    (e.currentTarget as Element | null)?.setPointerCapture?.(e.pointerId);
  };

  readonly move = (e: PointerEvent) => {
    const before = this.fingers.get(e.pointerId);
    if (!before) return;
    const now = this.at(e);
    const other = [...this.fingers].find(([id]) => id !== e.pointerId)?.[1];
    this.far += Math.hypot(now.x - before.x, now.y - before.y);
    this.fingers.set(e.pointerId, now);
    if (other) this.pinch(before, now, other);
    else if (this.far > STILL_PX) this.hand.look(moved(this.hand.view(), now.x - before.x, now.y - before.y));
  };

  private pinch(before: Spot, now: Spot, other: Spot): void {
    const was = Math.hypot(before.x - other.x, before.y - other.y);
    const is = Math.hypot(now.x - other.x, now.y - other.y);
    const dragged = moved(this.hand.view(), (now.x - before.x) / 2, (now.y - before.y) / 2);
    this.hand.look(
      zoomed(dragged, is / Math.max(was, 1), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 }, this.hand.size()),
    );
  }

  readonly up = (e: PointerEvent) => {
    const known = this.fingers.delete(e.pointerId);
    if (known && !this.fingers.size && !this.many && this.far <= STILL_PX && e.type === "pointerup")
      this.hand.tap(this.at(e));
  };

  /** The wheel turns the page unless the map was pressed first: nobody should be caught in it while reading on. */
  readonly wheel = (e: WheelEvent) => {
    if (!e.ctrlKey && document.activeElement !== e.currentTarget) return;
    e.preventDefault();
    this.hand.look(
      zoomed(this.hand.view(), Math.exp(-Math.max(-60, Math.min(60, e.deltaY)) / 180), this.at(e), this.hand.size()),
    );
  };

  zoom(by: number): void {
    const size = this.hand.size();
    this.hand.look(zoomed(this.hand.view(), by, { x: size.w / 2, y: size.h / 2 }, size));
  }

  readonly key = (e: KeyboardEvent) => {
    if (e.ctrlKey || e.altKey || e.metaKey) return;
    const pan = { ArrowLeft: [STEP_PX, 0], ArrowRight: [-STEP_PX, 0], ArrowUp: [0, STEP_PX], ArrowDown: [0, -STEP_PX] }[
      e.key
    ];
    if (pan) this.hand.look(moved(this.hand.view(), pan[0]!, pan[1]!));
    else if (e.key === "+" || e.key === "=") this.zoom(1.5);
    else if (e.key === "-" || e.key === "_") this.zoom(1 / 1.5);
    else if (e.key === "0") this.hand.whole();
    else if (e.key === "PageDown" || e.key === "PageUp") this.hand.next(e.key === "PageDown" ? 1 : -1);
    else return;
    e.preventDefault();
  };
}
