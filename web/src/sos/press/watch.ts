/** Follows one stored press: the status stream, and plain questions where a network holds event streams back. */
import { request, Refusal } from "../../live/http";
import { EventStream } from "../../live/sse";
import type { Status } from "./state";
import type { Contact } from "./view";

const ASK_EVERY_MS = 5000;

export class Watch {
  private readonly stream: EventStream;
  private readonly asking: ReturnType<typeof setInterval>;

  constructor(
    private readonly press: { press_id: string; track_token: string },
    private readonly contact: Contact,
    private readonly take: (status: Status) => void,
    private readonly unknown: () => void,
    show: () => void,
  ) {
    this.stream = new EventStream({
      url: () => `${this.path}/events?token=${encodeURIComponent(press.track_token)}`,
      onEvent: (e) => e.event === "status" && this.got(JSON.parse(e.data) as Status),
      onState: (state) => {
        if (state === "open") contact.lost = null;
        else if (state !== "closed") contact.lost ??= Date.now();
        show();
      },
      onRefused: () => true,
    });
    this.asking = setInterval(() => contact.lost && void this.ask(), ASK_EVERY_MS);
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
      this.got(
        await request<Status>("GET", this.path, undefined, { Authorization: `Bearer ${this.press.track_token}` }),
      );
    } catch (error) {
      if (error instanceof Refusal && error.problem.status === 404) this.unknown();
    }
  }
}
