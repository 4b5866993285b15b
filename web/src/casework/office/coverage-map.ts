/** The whole round by dwelling, drawn piece by piece as it comes; a door that is pressed offers its turf's page. */
import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { paths } from "../../contract/openapi";
import { Light } from "../../ui/light";
import "../map/door-map";
import { asState, given, language, type Given, type GivenDoor } from "./given";

type Piece = paths["/api/rounds/{round_id}/doors"]["get"]["responses"]["200"]["content"]["application/json"];
const PIECE = 1000; // doors asked for at once: some 250 kB, drawn before the next are here
const SAID = {
  open: ["Mở cụm của căn này", "Open its turf"],
  loading: ["Đang tải từng căn: đã có {n}…", "Loading the doors: {n} so far…"],
  failed: ["Chưa tải được hết các căn (mới có {n}).", "Not all doors could be loaded ({n} so far)."],
  again: ["Tải tiếp", "Go on loading"],
} as const;
const say = (key: keyof typeof SAID, n = 0): string =>
  SAID[key][language() === "en" ? 1 : 0].replace("{n}", n.toLocaleString(language() === "en" ? "en" : "vi"));

@customElement("coverage-map")
export class CoverageMap extends Light {
  @state() private chosen: string | null = null;
  @state() private doors: GivenDoor[] = [];
  @state() private stands: "" | "loading" | "failed" = "";
  private all: Given = { ground: null, doors: [] };
  private next: string | null = "";
  private stop = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    this.replaceChildren(); // what stands there for browsers without script
    this.all = given(this.getAttribute("given") ?? "");
    this.doors = this.all.doors;
    this.stop = new AbortController();
    if (this.getAttribute("round")) void this.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop.abort();
  }

  /** Whatever is still to come, one piece after the other. */
  private async load(): Promise<void> {
    const { signal } = this.stop;
    this.stands = "loading";
    try {
      while (this.next !== null) await this.piece(this.next, signal);
      this.stands = "";
    } catch {
      if (!signal.aborted) this.stands = "failed";
    }
  }

  private async piece(cursor: string, signal: AbortSignal): Promise<void> {
    const asked = new URLSearchParams({ limit: String(PIECE), ...(cursor ? { cursor } : {}) });
    const answer = await fetch(`/api/rounds/${this.getAttribute("round")}/doors?${asked}`, { signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const piece = (await answer.json()) as Piece;
    this.doors = [
      ...this.doors,
      ...piece.items.map((d) => ({
        id: d.dwelling,
        lat: d.lat,
        lon: d.lon,
        state: asState(d.state),
        label: d.address,
        place: d.place,
        url: `/office/turfs/${d.turf}`,
      })),
    ];
    this.next = piece.next;
  }

  protected override render() {
    const door = this.doors.find((d) => d.id === this.chosen);
    return html`<door-map
        .ground=${this.all.ground}
        .doors=${this.doors}
        .selected=${this.chosen}
        .lang=${language()}
        @pick=${(e: CustomEvent<{ id: string }>) => (this.chosen = e.detail.id)}
      ></door-map>
      <p role="status" ?hidden=${!this.stands}>
        ${this.stands ? say(this.stands, this.doors.length) : nothing}
        ${
          this.stands === "failed"
            ? html`<button type="button" class="secondary" @click=${() => void this.load()}>${say("again")}</button>`
            : nothing
        }
      </p>
      ${
        door?.url
          ? html`<p>
              <a class="button secondary" href=${door.url}>${say("open")}</a>
            </p>`
          : nothing
      }`;
  }
}
