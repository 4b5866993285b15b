/** The map's place on the desk: the simple map at once, the large one when the queue is live and WebGL is there. */
import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { Light } from "../../../ui/light";
import { t } from "../speech";
import "./desk-svg-map";
import "./desk-locator";
import { webglWorks, type Point, type Scene } from "./ground";
import type { LargeMap } from "./gl";

@customElement("desk-map")
export class DeskMap extends Light {
  @property({ attribute: false }) scene!: Scene;
  /** True once the queue is live: only then may the large bundle be fetched. */
  @property({ type: Boolean }) live = false;
  @property({ type: Boolean }) picking = false;
  @property() override lang = "";
  @property({ attribute: false }) load: () => Promise<typeof import("./gl")> = () => import("./gl");
  @property({ attribute: false }) able: () => boolean = webglWorks;
  @state() mode: "simple" | "loading" | "large" | "none" = "simple";
  private large: LargeMap | null = null;

  protected override render() {
    return html`<section class="pane map ${this.picking ? "picking" : ""}" aria-label=${t("map")}>
      ${
        this.mode === "large" || !this.scene.ward
          ? nothing
          : html`<desk-svg-map .scene=${this.scene} .lang=${this.lang}></desk-svg-map>`
      }
      <div class="gl" ?hidden=${this.mode !== "large"}></div>
      ${
        this.mode === "large"
          ? html`<div class="map-keys">
              <button class="plain" aria-label=${t("wholeWard")} @click=${() => this.large?.whole()}>⌂</button>
            </div>`
          : nothing
      }
      ${this.picking ? html`<p class="map-hint">${t("mapPick")}</p>` : nothing}
      <desk-locator .ward=${this.scene.ward} .lang=${this.lang}></desk-locator>
      <p class="map-credit">${this.mode === "none" ? `${t("mapPlain")} · ` : ""}${t("mapCredit")}</p>
    </section>`;
  }

  protected override updated(): void {
    if (this.live && this.scene.ward && this.mode === "simple") this.grow();
    this.large?.draw(this.scene);
  }

  /** Fetch the large map when the browser has nothing better to do. */
  private grow(): void {
    this.mode = this.able() ? "loading" : "none";
    if (this.mode === "none") return;
    const idle = (f: () => void) =>
      "requestIdleCallback" in window ? requestIdleCallback(f, { timeout: 3000 }) : setTimeout(f, 500);
    idle(() => void this.bring().catch(() => this.shrink()));
  }

  private async bring(): Promise<void> {
    const { LargeMap } = await this.load();
    if (!this.isConnected) return;
    this.mode = "large";
    await this.updateComplete;
    this.large = new LargeMap(this.querySelector<HTMLElement>(".gl")!, this.scene, {
      choose: (id) => this.tell("choose", id),
      pick: (point: Point) => this.tell("pick", point),
      failed: () => this.shrink(),
    });
  }

  private shrink(): void {
    this.large?.remove();
    this.large = null;
    this.mode = "none";
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.large?.remove();
    this.large = null;
    this.mode = "simple";
  }
}
