/** One voice note: asks for the microphone, records at most two minutes, stops by itself, lets the microphone go. */
import type { CAPTURE } from "../../i18n/capture";

export const LONGEST_S = 120;
export const MIMES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const BITS = 24_000; // speech; two minutes are about 360 kB
export type Phase = "idle" | "asking" | "recording" | "done" | "failed";
export type Why = keyof typeof CAPTURE & `mic${string}`;

export class Recorder {
  phase: Phase = "idle";
  seconds = 0;
  blob: Blob | null = null;
  why: Why | null = null;
  ended: "" | "full" | "hidden" = ""; // why it stopped by itself
  private recorder: MediaRecorder | null = null;
  private stream: MediaStream | null = null;
  private timer = 0;
  private began = 0;
  private turn = 0; // a question that is answered after it was closed counts for nothing

  constructor(private readonly changed: () => void) {}

  static mime(): string | null {
    return typeof MediaRecorder === "undefined" ? null : (MIMES.find((m) => MediaRecorder.isTypeSupported(m)) ?? null);
  }

  async start(): Promise<void> {
    const mimeType = Recorder.mime();
    if (!navigator.mediaDevices || !mimeType) return this.fail("micNever");
    const turn = ++this.turn;
    this.blob = null;
    this.why = null;
    this.to("asking");
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true },
      });
    } catch (error) {
      return turn === this.turn ? this.fail(reason((error as DOMException).name)) : undefined;
    }
    if (turn !== this.turn) return end(stream);
    this.stream = stream;
    this.record(mimeType);
  }

  private record(mimeType: string): void {
    const parts: Blob[] = [];
    const recorder = new MediaRecorder(this.stream!, { mimeType, audioBitsPerSecond: BITS });
    this.recorder = recorder;
    recorder.ondataavailable = (e) => void (e.data.size && parts.push(e.data));
    recorder.onerror = () => this.stop();
    recorder.onstop = () => {
      if (this.recorder === recorder) this.finish(new Blob(parts, { type: mimeType.split(";")[0]! }));
    };
    recorder.start(1000); // in pieces of a second, so that a recorder that dies leaves what it had
    this.began = performance.now();
    this.seconds = 0;
    this.ended = "";
    this.timer = window.setInterval(() => this.tick(), 250);
    document.addEventListener("visibilitychange", this.away);
    this.to("recording");
  }

  stop(): void {
    if (this.recorder?.state === "recording") this.recorder.stop();
  }

  /** Nothing is kept; the microphone is let go at once. */
  throwAway(): void {
    this.turn++;
    this.stop();
    this.free();
    this.why = null;
    this.blob = null;
    this.to("idle");
  }

  private tick(): void {
    this.seconds = Math.min(LONGEST_S, Math.floor((performance.now() - this.began) / 1000));
    if (this.seconds >= LONGEST_S) this.halt("full");
    this.changed();
  }

  /** Nobody is recorded by a phone that shows nothing of it. */
  private readonly away = () => {
    if (document.visibilityState === "hidden") this.halt("hidden");
  };

  private halt(why: "full" | "hidden"): void {
    this.ended = why;
    this.stop();
  }

  private finish(blob: Blob): void {
    this.free();
    if (!blob.size) return this.fail("micEmpty");
    this.blob = blob;
    this.to("done");
  }

  private fail(why: Why): void {
    this.free();
    this.why = why;
    this.to("failed");
  }

  private free(): void {
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.away);
    if (this.stream) end(this.stream);
    this.recorder = null;
    this.stream = null;
  }

  private to(phase: Phase): void {
    this.phase = phase;
    this.changed();
  }
}

function end(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function reason(name: string): Why {
  if (name === "NotAllowedError" || name === "SecurityError") return "micRefused";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "micMissing";
  return name === "NotReadableError" || name === "AbortError" ? "micBusy" : "micNever";
}
