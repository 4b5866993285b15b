/** One turf on its page: a door pressed on the map is chosen in the form below, and the other way round. */
import { html } from "lit";
import { customElement, state } from "lit/decorators.js";
import { Light } from "../../ui/light";
import "../map/door-map";
import { given, language, type Given } from "./given";

@customElement("turf-map")
export class TurfMap extends Light {
  @state() private chosen: string | null = null;
  private all: Given = { ground: null, doors: [] };

  override connectedCallback(): void {
    super.connectedCallback();
    this.replaceChildren(); // what stands there for browsers without script
    this.all = given(this.getAttribute("given") ?? "");
    document.addEventListener("change", this.changed);
    this.chosen = document.querySelector<HTMLInputElement>('input[name="dwelling"]:checked')?.value ?? null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("change", this.changed);
  }

  private readonly changed = (e: Event) => {
    const box = e.target;
    if (box instanceof HTMLInputElement && box.name === "dwelling" && box.checked) this.chosen = box.value;
  };

  private pick(id: string): void {
    this.chosen = id;
    const box = [...document.querySelectorAll<HTMLInputElement>('input[name="dwelling"]')].find((b) => b.value === id);
    if (!box) return;
    box.checked = true;
    box.closest("li, tr")?.scrollIntoView({ block: "nearest" });
  }

  protected override render() {
    return html`<door-map
      .ground=${this.all.ground}
      .doors=${this.all.doors}
      .selected=${this.chosen}
      .lang=${language()}
      route
      nolist
      @pick=${(e: CustomEvent<{ id: string }>) => this.pick(e.detail.id)}
    ></door-map>`;
  }
}
