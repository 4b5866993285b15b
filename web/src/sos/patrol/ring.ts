/** Rings and shakes until told to stop. */
export class Ring {
  private context: AudioContext | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;
  on = false;

  /** Call from a touch or a key. A phone without Web Audio only shakes; a resume that is not allowed never answers. */
  async unlock(): Promise<boolean> {
    if (!("AudioContext" in globalThis)) return false;
    this.context ??= new AudioContext();
    if (!this.ready)
      await Promise.race([this.context.resume().catch(() => undefined), new Promise((done) => setTimeout(done, 500))]);
    return this.ready;
  }

  get ready(): boolean {
    return this.context?.state === "running";
  }

  start(silent: boolean): void {
    if (this.on) return;
    this.on = true;
    this.beat(silent);
    this.timer = setInterval(() => this.beat(silent), 1400);
  }

  stop(): void {
    this.on = false;
    clearInterval(this.timer);
    navigator.vibrate?.(0);
  }

  beat(silent: boolean): void {
    navigator.vibrate?.([350, 120, 350]);
    if (silent || !this.context) return;
    const now = this.context.currentTime;
    for (const [i, hz] of [988, 1319, 988, 1319].entries()) {
      const gain = new GainNode(this.context, { gain: 0.5 });
      const tone = new OscillatorNode(this.context, { type: "triangle", frequency: hz });
      tone.connect(gain).connect(this.context.destination);
      gain.gain.setValueAtTime(0.5, now + i * 0.2);
      gain.gain.exponentialRampToValueAtTime(0.001, now + i * 0.2 + 0.19);
      tone.start(now + i * 0.2);
      tone.stop(now + i * 0.2 + 0.2);
    }
  }
}
