/** Follows one stored press: the status stream, and plain questions where a network holds event streams back. */
import { request, Refusal } from "../../live/http";
import { EventStream, type StreamEvent } from "../../live/sse";
import type { Change, Status } from "./state";
import type { Contact } from "./view";

const ASK_EVERY_MS = 5000;

export class Watch {
  private readonly stream: EventStream;
  private replaced = false;
  private readonly asking: ReturnType<typeof setInterval>;

  constructor(
    private readonly press: { press_id: string; track_token: string },
    private readonly contact: Contact,
    private readonly take: (status: Status) => void,
    private readonly change: (change: Change) => void,
    private readonly unknown: () => void,
    show: () => void,
  ) {
    this.stream = new EventStream({
      url: () => `${this.path}/events?changes=1&token=${encodeURIComponent(press.track_token)}`,
      onEvent: (e) => this.hear(e),
      onState: (state) => {
        if (state === "open") contact.lost = null;
        else if (state !== "closed") contact.lost ??= Date.now();
        show();
      },
      onRefused: () => true,
    });
    this.asking = setInterval(() => (contact.lost || this.replaced) && void this.ask(), ASK_EVERY_MS);
  }

  private hear(e: StreamEvent): void {
    if (e.event === "status") this.got(JSON.parse(e.data) as Status);
    else if (e.event === "change") {
      this.contact.lost = null;
      this.change(JSON.parse(e.data) as Change);
    } else if (e.event === "replaced") {
      // Newer pages of this SOS have the streams: this one asks, and does not push them out in turn.
      this.replaced = true;
      this.stream.close();
    }
  }

  /** The lines of the chat before that one. */
  older(line: string): Promise<{ messages: Status["messages"]; messages_older: string | null }> {
    return request("GET", `${this.path}/messages?before=${line}`, undefined, this.pass);
  }

  private get pass() {
    return { Authorization: `Bearer ${this.press.track_token}` };
  }

  close(): void {
    clearInterval(this.asking);
    this.stream.close();
  }

  private get path(): string {
    return `/live/press/${this.press.press_id}`;
  }

  private got(status: Status): void {
    this.contact.lost = null;
    this.take(status);
  }

  private async ask(): Promise<void> {
    try {
      this.got(await request<Status>("GET", this.path, undefined, this.pass));
    } catch (error) {
      if (error instanceof Refusal && error.problem.status === 404) this.unknown();
    }
  }
}
