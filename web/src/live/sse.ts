/**
 * An event stream that survives: read over fetch, resumed from the last id, reopened with growing waits,
 * and given up as dead when nothing (not even a ping) came for 12 s.
 */
export interface StreamEvent {
  event: string;
  id: string | null;
  data: string;
}
export type Connection = "connecting" | "open" | "waiting" | "closed";
export interface StreamOptions {
  url: (lastId: string | null) => Promise<string> | string;
  onEvent: (event: StreamEvent) => void;
  onState?: (state: Connection) => void;
  /** Called with the HTTP status when the server refuses; return true to try again. */
  onRefused?: (status: number) => boolean | Promise<boolean>;
  quietMs?: number;
  lastId?: string | null;
}

const STALE_MS = 8000; // pings come every 5 s

/** Splits a chunked text into events; keeps what is not whole yet. */
export class Parser {
  private rest = "";
  push(chunk: string): StreamEvent[] {
    const text = this.rest + chunk;
    const cut = text.endsWith("\r") ? text.length - 1 : text.length; // its \n may come with the next chunk
    const parts = text.slice(0, cut).replace(/\r\n?/g, "\n").split("\n\n");
    this.rest = (parts.pop() ?? "") + text.slice(cut);
    return parts.map(parseBlock).filter((e): e is StreamEvent => e !== null);
  }
}

function parseBlock(block: string): StreamEvent | null {
  const found: StreamEvent = { event: "message", id: null, data: "" };
  const lines: string[] = [];
  for (const line of block.split("\n")) {
    const at = line.indexOf(":");
    const [name, value] = at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + 1).replace(/^ /, "")];
    if (name === "data") lines.push(value);
    else if (name === "event") found.event = value;
    else if (name === "id") found.id = value;
  }
  found.data = lines.join("\n");
  return lines.length ? found : null;
}

export class EventStream {
  lastId: string | null;
  private stopped = false;
  private abort: AbortController | null = null;
  private tries = 0;
  private wake: (() => void) | null = null;
  /** When the open stream last said anything; 0 while there is none. */
  private heardAt = 0;

  constructor(private readonly options: StreamOptions) {
    this.lastId = options.lastId ?? null;
    addEventListener("online", this.hurry);
    document.addEventListener("visibilitychange", this.hurry);
    void this.run();
  }

  close(): void {
    this.stopped = true;
    removeEventListener("online", this.hurry);
    document.removeEventListener("visibilitychange", this.hurry);
    this.abort?.abort();
    this.wake?.();
    this.options.onState?.("closed");
  }

  /** The network or the screen came back: try at once, and do not trust a line that was silent meanwhile. */
  private readonly hurry = () => {
    if (this.heardAt && Date.now() - this.heardAt > STALE_MS && !document.hidden) this.abort?.abort();
    this.wake?.();
  };

  private async run(): Promise<void> {
    while (!this.stopped) {
      this.options.onState?.("connecting");
      const again = await this.once().catch(() => true);
      this.heardAt = 0;
      if (this.stopped || !again) return;
      this.options.onState?.("waiting");
      const wait = Math.min(5000, 250 * 2 ** this.tries++) * (0.7 + Math.random() * 0.6);
      await new Promise<void>((done) => {
        const timer = setTimeout(done, wait);
        this.wake = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
  }

  private async once(): Promise<boolean> {
    this.abort = new AbortController();
    const answer = await fetch(await this.options.url(this.lastId), {
      signal: this.abort.signal,
      cache: "no-store",
      headers: { Accept: "text/event-stream", ...(this.lastId ? { "Last-Event-ID": this.lastId } : {}) },
    });
    if (!answer.ok || !answer.body) return (await this.options.onRefused?.(answer.status)) ?? true;
    this.options.onState?.("open");
    this.tries = 0;
    this.heardAt = Date.now();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    const parser = new Parser();
    for (;;) {
      const quiet = setTimeout(() => this.abort?.abort(), this.options.quietMs ?? 12_000);
      const { value, done } = await reader.read().finally(() => clearTimeout(quiet));
      if (done) return true;
      this.heardAt = Date.now();
      for (const event of parser.push(value)) {
        if (event.id) this.lastId = event.id;
        this.options.onEvent(event);
      }
    }
  }
}
