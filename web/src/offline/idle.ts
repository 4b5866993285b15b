/** Locks when nobody has touched the phone for a while, also when the clock was moved or the page slept. */
const LOOK_MS = 1000;

export class Idle {
  private timer: ReturnType<typeof setInterval> | undefined;
  private at = Date.now();
  private tick = performance.now();

  constructor(
    private readonly seconds: () => number,
    private readonly locked: () => void,
  ) {}

  start(): void {
    this.touched();
    this.stop();
    this.timer = setInterval(() => this.look(), LOOK_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  touched(): void {
    this.at = Date.now();
    this.tick = performance.now();
  }

  /** Whichever clock says so: one may stand still while the phone sleeps, the other may be set back. */
  look(): void {
    if (Math.max(Date.now() - this.at, performance.now() - this.tick) >= this.seconds() * 1000) this.locked();
  }
}
