/** The alarm's voice, made by Web Audio itself: no file that could be missing. */
export type Voice = "none" | "blocked" | "ready";
type Context = AudioContext;

export class Siren {
  private context: Context | null = null;
  private gain: GainNode | null = null;
  private sweep: OscillatorNode | null = null;
  private on = false;

  constructor(
    private readonly make: (() => Context) | null = "AudioContext" in globalThis ? () => new AudioContext() : null,
  ) {}

  get voice(): Voice {
    if (!this.make) return "none";
    return this.context?.state === "running" ? "ready" : "blocked";
  }

  get sounding(): boolean {
    return this.on && this.voice === "ready";
  }

  /** Must be called from a click or a key; answers whether sound is possible now. */
  async unlock(): Promise<boolean> {
    if (!this.make) return false;
    this.context ??= this.make();
    if (this.context.state !== "running")
      await Promise.race([this.context.resume().catch(() => undefined), new Promise((r) => setTimeout(r, 500))]);
    if (this.voice === "ready" && !this.gain) this.build(this.context);
    return this.voice === "ready";
  }

  /** Sound at this volume (0 to 1); the higher the rung, the faster it wails. */
  ring(volume: number, level: number): void {
    this.on = volume > 0;
    const now = this.context?.currentTime ?? 0;
    this.gain?.gain.setTargetAtTime(volume, now, 0.04);
    this.sweep?.frequency.setTargetAtTime(1.1 + 0.7 * Math.min(level, 4), now, 0.04);
  }

  /** A short tone for something that wants a look, not an alarm; two low ones when the line is lost. */
  chime(kind: "look" | "lost"): void {
    if (this.voice !== "ready" || !this.context) return;
    const [first, second] = kind === "look" ? [880, 1175] : [330, 247];
    this.note(this.context, first, 0, 0.16);
    this.note(this.context, second, 0.18, 0.26);
  }

  private note(context: Context, hertz: number, after: number, length: number): void {
    const at = context.currentTime + after;
    const tone = new OscillatorNode(context, { type: "sine", frequency: hertz });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setTargetAtTime(0.35, at, 0.01);
    gain.gain.setTargetAtTime(0, at + length, 0.05);
    tone.connect(gain).connect(context.destination);
    tone.start(at);
    tone.stop(at + length + 0.4);
  }

  private build(context: Context): void {
    const tone = new OscillatorNode(context, { type: "sawtooth", frequency: 900 });
    const soften = new BiquadFilterNode(context, { type: "lowpass", frequency: 2600 });
    this.gain = new GainNode(context, { gain: 0 });
    this.sweep = new OscillatorNode(context, { type: "triangle", frequency: 1.1 });
    this.sweep.connect(new GainNode(context, { gain: 380 })).connect(tone.frequency);
    tone.connect(soften).connect(this.gain).connect(context.destination);
    tone.start();
    this.sweep.start();
  }
}
