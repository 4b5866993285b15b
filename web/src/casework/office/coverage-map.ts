/** The whole round by dwelling; a door that is pressed offers the page of its turf. */
import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { Light } from "../../ui/light";
import "../map/door-map";
import { given, language, type Given } from "./given";

@customElement("coverage-map")
export class CoverageMap extends Light {
  @state() private chosen: string | null = null;
  private all: Given = { ground: null, doors: [] };

  override connectedCallback(): void {
    super.connectedCallback();
    this.replaceChildren(); // what stands there for browsers without script
    this.all = given(this.getAttribute("given") ?? "");
  }

  protected override render() {
    const door = this.all.doors.find((d) => d.id === this.chosen);
    return html`<door-map
        .ground=${this.all.ground}
        .doors=${this.all.doors}
        .selected=${this.chosen}
        .lang=${language()}
        @pick=${(e: CustomEvent<{ id: string }>) => (this.chosen = e.detail.id)}
      ></door-map>
      ${
        door?.url
          ? html`<p>
              <a class="button secondary" href=${door.url}
                >${language() === "en" ? "Open its turf" : "Mở cụm của căn này"}</a
              >
            </p>`
          : nothing
      }`;
  }
}
