/** The duty desk: who may sit here, the start of the shift, and the screen of the shift itself. */
import { html } from "lit";
import { customElement, state } from "lit/decorators.js";
import { getLifecycles, getMe, getPlaces, goSignIn, startDeskShift } from "../../contract/api";
import type { Lifecycles, Me, Place, Seat, WardBrief } from "../../contract/types";
import { Light } from "../../ui/light";
import "./desk-duty";
import "./desk-start";
import { complaint } from "./moves";
import { Siren } from "./siren";
import { language, setLanguage, t } from "./speech";

const AGAIN_MS = 4000;
const SEATED = ["desk_officer", "shift_lead", "leadership", "city_centre"];

@customElement("desk-app")
export class DeskApp extends Light {
  @state() private phase: "loading" | "none" | "start" | "duty" | "failed" = "loading";
  @state() private me: Me | null = null;
  @state() private ward: WardBrief | null = null;
  @state() private seat: Seat = "desk";
  @state() private problem = "";
  private tables: Lifecycles | null = null;
  @state() private places: Place[] = [];
  readonly siren = new Siren();

  override connectedCallback(): void {
    super.connectedCallback();
    setLanguage(language());
    document.title = t("title");
    this.addEventListener("open", (e) => (e as CustomEvent).detail === "language" && this.turnLanguage());
    void this.load();
  }

  private turnLanguage(): void {
    setLanguage(language() === "vi" ? "en" : "vi");
    this.requestUpdate();
  }

  private async load(): Promise<void> {
    try {
      const [me, tables] = await Promise.all([getMe(), getLifecycles()]);
      this.me = me;
      this.tables = tables;
      const shift = me.desk_shift;
      const wards = this.wards();
      const mine = shift?.sound_checked_at ? wards.find((w) => w.ward_id === shift.ward_id) : undefined;
      if (mine)
        this.sit(mine, shift!.seat); // reloaded in the middle of a shift: straight back to the queue
      else this.phase = wards.length ? "start" : "none";
    } catch (error) {
      if (goSignIn(error)) return;
      this.problem = complaint(error);
      this.phase = "failed";
      setTimeout(() => this.isConnected && void this.load(), AGAIN_MS); // nobody may be there to press a button
    }
  }

  /** Wards in which this account may sit at the desk. */
  private wards(): WardBrief[] {
    return this.me!.wards.filter((w) => this.me!.roles[String(w.ward_id)]?.some((r) => SEATED.includes(r)));
  }

  /** The registered places are no condition for sitting down; they come as soon as they can be read. */
  private async readPlaces(ward: number): Promise<void> {
    const read = await getPlaces(ward).catch(() => null);
    if (read) this.places = read.filter((p) => p.active && p.ward_id === ward);
    else setTimeout(() => this.isConnected && this.ward?.ward_id === ward && void this.readPlaces(ward), AGAIN_MS);
  }

  private sit(ward: WardBrief, seat: Seat): void {
    this.ward = ward;
    void this.readPlaces(ward.ward_id);
    this.seat = seat;
    this.problem = "";
    this.phase = "duty";
  }

  private readonly begin = async (e: CustomEvent<{ ward: number; seat: Seat }>) => {
    try {
      await startDeskShift(e.detail.ward, e.detail.seat, true);
      this.sit(
        this.wards().find((w) => w.ward_id === e.detail.ward)!,
        e.detail.seat,
      );
    } catch (error) {
      if (!goSignIn(error)) this.problem = complaint(error);
    }
  };

  protected override render() {
    const lang = language();
    if (this.phase === "duty") {
      return html`<desk-duty
        .me=${this.me!}
        .ward=${this.ward!}
        .seat=${this.seat}
        .tables=${this.tables!}
        .places=${this.places}
        .siren=${this.siren}
        .lang=${lang}
        @ended=${() => {
          this.problem = t("handDone");
          this.phase = "start";
        }}
      ></desk-duty>`;
    }
    if (this.phase === "start")
      return html`<desk-start
        .me=${this.me!}
        .wards=${this.wards()}
        .siren=${this.siren}
        .problem=${this.problem}
        .lang=${lang}
        @start=${this.begin}
      ></desk-start>`;
    if (this.phase === "loading") return html`<p class="empty" role="status">${t("loading")}</p>`;
    return html`<main class="start">
      <div class="sheet">
        <p class="big" role="alert">${this.phase === "none" ? t("noDesk") : t("startFailed", { why: this.problem })}</p>
        <button @click=${() => location.reload()}>${t("retry")}</button>
      </div>
    </main>`;
  }
}
