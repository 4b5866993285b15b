/** The large map by MapLibre: our own polygons only, no tiles, no glyph server; names are HTML. Loaded lazily. */
import "maplibre-gl/dist/maplibre-gl.css";
import {
  Map as GlMap,
  Marker,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
  type GeoJSONSource,
  type StyleSpecification,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import type { FeatureCollection, Polygon } from "geojson";
import type { Incident } from "../../../contract/types";
import { boxOf, layers, located, lookM, unitMarks, type Point, type Scene } from "./ground";

setWorkerUrl(workerUrl);
const RED = "#c4161c";
const BLUE = "#1b5fae";
export interface GlMapEvents {
  choose(id: string): void;
  pick(point: Point): void;
  failed(): void;
}

function styleOf(dark: boolean) {
  const state = ["match", ["get", "state"], "received", RED, "acknowledged", "#c47f00", "responding", BLUE, "#3d7a4f"];
  return {
    version: 8,
    sources: { ward: { type: "geojson", data: empty() }, circles: { type: "geojson", data: empty() } },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": dark ? "#0d121c" : "#e9edf3" } },
      { id: "ward", type: "fill", source: "ward", paint: { "fill-color": dark ? "#1b2536" : "#ffffff" } },
      {
        id: "ward-line",
        type: "line",
        source: "ward",
        paint: { "line-color": dark ? "#7db4ff" : BLUE, "line-width": 2.5 },
      },
      { id: "circles", type: "fill", source: "circles", paint: { "fill-color": state, "fill-opacity": 0.16 } },
      {
        id: "circles-line",
        type: "line",
        source: "circles",
        paint: { "line-color": state, "line-width": ["case", ["get", "chosen"], 3, 1.5] },
      },
    ],
  } as unknown as StyleSpecification;
}
const empty = () => ({ type: "FeatureCollection" as const, features: [] });

export class LargeMap {
  private readonly map: GlMap;
  private readonly marks = new Map<string, Marker>();
  private readonly drawn = new Map<string, string>();
  private looked: string | null = null;
  private ready = false;
  private scene: Scene;

  constructor(
    place: HTMLElement,
    scene: Scene,
    private readonly on: GlMapEvents,
  ) {
    this.scene = scene;
    const box = boxOf(scene);
    this.map = new GlMap({
      container: place,
      style: styleOf(matchMedia("(prefers-color-scheme: dark)").matches),
      bounds: [box.west, box.south, box.east, box.north],
      fitBoundsOptions: { padding: 24 },
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      maxZoom: 19,
      fadeDuration: 0,
    });
    this.map.addControl(new NavigationControl({ showCompass: false }), "bottom-right");
    this.map.addControl(new ScaleControl({ unit: "metric" }), "top-left");
    this.map.on("load", () => {
      this.ready = true;
      this.draw(this.scene);
    });
    this.map.on("click", (e) => this.on.pick({ lat: e.lngLat.lat, lon: e.lngLat.lng }));
    this.map.on("webglcontextlost", () => this.on.failed());
  }

  draw(scene: Scene): void {
    this.scene = scene;
    if (!this.ready) return;
    const made = layers(scene);
    this.fill("ward", made.ward, scene.ward?.code ?? "");
    this.fill(
      "circles",
      made.circles,
      made.circles.features.length
        ? JSON.stringify(made.circles.features.map((f) => [f.properties, (f.geometry as Polygon).coordinates[0]![0]]))
        : "",
    );
    const wanted = new Set<string>();
    for (const p of scene.places) this.mark(wanted, `p${p.id}`, p, "anchor", "", p.name, null);
    for (const u of unitMarks(scene.units, scene.now))
      this.mark(
        wanted,
        `u${u.id}`,
        u,
        `unit-mark ${u.fresh}${u.busy ? " busy" : ""}`,
        u.heading === null ? "●" : "▲",
        u.name,
        u.heading,
      );
    for (const i of located(scene.incidents)) this.incident(wanted, i, scene.chosen === i.id);
    if (scene.picked) this.mark(wanted, "picked", scene.picked, "picked", "⚑", "", null);
    for (const [id, marker] of this.marks)
      if (!wanted.has(id)) {
        marker.remove();
        this.marks.delete(id);
        this.drawn.delete(id);
      }
    this.look(scene);
  }

  /** Drawing costs frames, and frames are what the alarm needs: only what changed is drawn again. */
  private fill(source: string, data: FeatureCollection, mark: string): void {
    if (this.drawn.get(source) === mark) return;
    this.drawn.set(source, mark);
    void (this.map.getSource(source) as GeoJSONSource).setData(data);
  }

  private incident(wanted: Set<string>, i: Incident & Point, chosen: boolean): void {
    const element = this.mark(
      wanted,
      `i${i.id}`,
      i,
      `incident-mark ${i.state}${chosen ? " chosen" : ""}`,
      i.priority.slice(1),
      "",
      null,
    );
    element.onclick = (e) => {
      e.stopPropagation();
      this.on.choose(i.id);
    };
  }

  private mark(
    wanted: Set<string>,
    id: string,
    at: Point,
    look: string,
    sign: string,
    name: string,
    heading: number | null,
  ): HTMLElement {
    wanted.add(id);
    let marker = this.marks.get(id);
    if (!marker) {
      const element = document.createElement("div");
      element.append(document.createElement("i"), document.createElement("span"));
      marker = new Marker({ element }).setLngLat([at.lon, at.lat]).addTo(this.map);
      this.marks.set(id, marker);
    }
    const element = marker.getElement();
    const mark = `${at.lat},${at.lon},${look},${sign},${name},${heading}`;
    if (this.drawn.get(id) === mark) return element;
    this.drawn.set(id, mark);
    marker.setLngLat([at.lon, at.lat]);
    const [icon, label] = element.children as unknown as [HTMLElement, HTMLElement];
    for (const c of [...element.classList]) if (!c.startsWith("maplibregl")) element.classList.remove(c);
    element.classList.add("mark", ...look.split(" "));
    icon.textContent = sign;
    icon.style.transform = heading === null ? "" : `rotate(${heading}deg)`;
    label.textContent = name;
    return element;
  }

  /** Go to a newly chosen incident; leave the view alone otherwise. */
  private look(scene: Scene): void {
    const chosen = located(scene.incidents).find((i) => i.id === scene.chosen);
    if (scene.chosen === this.looked || (scene.chosen && !chosen)) return;
    this.looked = scene.chosen;
    if (!chosen) return;
    const d = lookM(chosen, scene) / 111_195;
    this.map.fitBounds([chosen.lon - d, chosen.lat - d, chosen.lon + d, chosen.lat + d], { animate: false });
  }

  whole(): void {
    const box = boxOf(this.scene);
    this.map.fitBounds([box.west, box.south, box.east, box.north], { padding: 24 });
  }

  remove(): void {
    this.map.remove();
  }
}
