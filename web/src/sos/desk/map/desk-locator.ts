/** Where the ward lies in Viet Nam, with Hoàng Sa and Trường Sa. The outline is drawn when it is installed. */
import { html, nothing, svg } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { MultiPolygon, Polygon } from "geojson";
import type { Ward } from "../../../contract/types";
import { Light } from "../../../ui/light";
import { t } from "../speech";
import { ringsOf } from "./ground";

// The two archipelagos' middles, in degrees.
const HOANG_SA = { lat: 16.5, lon: 112.0 };
const TRUONG_SA = { lat: 10.0, lon: 114.0 };
const SPREAD = [
  [0, 0],
  [0.5, 0.35],
  [-0.45, 0.4],
  [0.3, -0.45],
  [0.9, -0.2],
]; // a few isles each, so that they are seen at this size
const WEST = 101.5;
const NORTH = 23.8;
const WIDTH = 16.8;
const HEIGHT = 16.8;
const x = (lon: number) => (lon - WEST).toFixed(3);
const y = (lat: number) => (NORTH - lat).toFixed(3);
let outline: Promise<string> | null = null;

async function readOutline(): Promise<string> {
  const answer = await fetch("/vn-outline.json").catch(() => null);
  if (!answer?.ok || !answer.headers.get("content-type")?.includes("json")) return "";
  const made = (await answer.json()) as {
    features?: { geometry: Polygon | MultiPolygon }[];
    geometry?: Polygon | MultiPolygon;
  } & (Polygon | MultiPolygon);
  const shapes = made.features ? made.features.map((f) => f.geometry) : [made.geometry ?? made];
  return shapes
    .flatMap(ringsOf)
    .map((r) => `M${r.map(([lon, lat]) => `${x(lon!)},${y(lat!)}`).join("L")}Z`)
    .join("");
}

@customElement("desk-locator")
export class DeskLocator extends Light {
  @property({ attribute: false }) ward: Ward | null = null;
  @property() override lang = "";
  @state() private path = "";

  override connectedCallback(): void {
    super.connectedCallback();
    void (outline ??= readOutline().catch(() => "")).then((path) => (this.path = path));
  }

  protected override render() {
    const islands = (name: string, p: { lat: number; lon: number }) =>
      svg`<g class="islands">${SPREAD.map(
        ([dx, dy]) => svg`<circle cx=${x(p.lon + dx!)} cy=${y(p.lat + dy!)} r="0.11"></circle>`,
      )}<text x=${x(p.lon)} y=${y(p.lat - 1.25)}>${name}</text></g>`;
    return html`<svg
      class="locator"
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      role="img"
      aria-label="${t("vietnam")}, ${t("hoangsa")}, ${t("truongsa")}"
    >
      ${this.path ? svg`<path class="land" d=${this.path}></path>` : nothing}
      ${islands(t("hoangsa"), HOANG_SA)}${islands(t("truongsa"), TRUONG_SA)}
      ${
        this.ward ? svg`<circle class="here" cx=${x(this.ward.lon)} cy=${y(this.ward.lat)} r="0.35"></circle>` : nothing
      }
    </svg>`;
  }
}
