/** Geometry of the desk's map, the same for both ways of drawing it. Pure; degrees in, metres or GeoJSON out. */
import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from "geojson";
import type { Incident, Place, Unit, Ward } from "../../../contract/types";
import { distanceM } from "../../../kernel/geo";
import { span } from "../../../kernel/time";
import { ageS, freshness } from "../queue";

const M_PER_DEGREE = 111_195;
export interface Point {
  lat: number;
  lon: number;
}
export interface Box {
  west: number;
  south: number;
  east: number;
  north: number;
}
export interface Scene {
  ward: Ward | null;
  incidents: Incident[];
  units: Unit[];
  places: Place[];
  chosen: string | null;
  picked: Point | null;
  now: number;
}
/** `name`: the call sign, and how old the place is as soon as it is no longer fresh. */
export interface UnitMark {
  id: string;
  name: string;
  lat: number;
  lon: number;
  heading: number | null;
  fresh: "fresh" | "stale" | "lost";
  age: number | null;
  busy: boolean;
  kind: string;
}

export function ringsOf(shape: Polygon | MultiPolygon | null): Position[][] {
  if (!shape) return [];
  return shape.type === "Polygon" ? shape.coordinates : shape.coordinates.flat();
}

export function boxOf(scene: Pick<Scene, "ward" | "incidents" | "units">): Box {
  const points = ringsOf(scene.ward?.boundary ?? null)
    .flat()
    .map(([lon, lat]) => ({ lat: lat!, lon: lon! }));
  const all = points.length ? points : located(scene.incidents);
  if (!all.length) return { west: 102, south: 8, east: 110, north: 23.5 };
  const lats = all.map((p) => p.lat);
  const lons = all.map((p) => p.lon);
  return { west: Math.min(...lons), south: Math.min(...lats), east: Math.max(...lons), north: Math.max(...lats) };
}

export const located = (incidents: Incident[]) =>
  incidents.filter((i): i is Incident & Point => i.lat !== null && i.lon !== null);

/** A circle of `radius` metres as a ring of lon/lat. */
export function circle(centre: Point, radius: number, corners = 48): Position[] {
  const dLat = radius / M_PER_DEGREE;
  const dLon = dLat / Math.cos((centre.lat * Math.PI) / 180);
  const ring = Array.from({ length: corners }, (_, n) => {
    const a = (2 * Math.PI * n) / corners;
    return [centre.lon + dLon * Math.cos(a), centre.lat + dLat * Math.sin(a)];
  });
  return [...ring, ring[0]!];
}

export function unitMarks(units: Unit[], now: number): UnitMark[] {
  return units
    .filter((u) => u.on_shift && u.lat !== null && u.lon !== null)
    .map((u) => {
      const age = ageS(u.at, now);
      const fresh = freshness(age);
      return {
        id: u.unit_id,
        name: fresh === "fresh" || age === null ? u.call_sign : `${u.call_sign} · ${span(age)}`,
        lat: u.lat!,
        lon: u.lon!,
        heading: (u.speed_mps ?? 0) > 0.5 ? u.heading : null,
        fresh,
        age,
        busy: !["free", "off"].includes(u.status),
        kind: u.kind,
      };
    });
}

/** Metres east and south of the box's middle: the plane on which the simple map draws. */
export function plane(box: Box): (lat: number, lon: number) => [x: number, y: number] {
  const lat0 = (box.north + box.south) / 2;
  const lon0 = (box.east + box.west) / 2;
  const east = M_PER_DEGREE * Math.cos((lat0 * Math.PI) / 180);
  return (lat, lon) => [(lon - lon0) * east, (lat0 - lat) * M_PER_DEGREE];
}

/** The way back, for a click. */
export function unplane(box: Box): (x: number, y: number) => Point {
  const lat0 = (box.north + box.south) / 2;
  const lon0 = (box.east + box.west) / 2;
  const east = M_PER_DEGREE * Math.cos((lat0 * Math.PI) / 180);
  return (x, y) => ({ lat: lat0 - y / M_PER_DEGREE, lon: lon0 + x / east });
}

const feature = (geometry: Polygon, properties: Record<string, string | boolean>): Feature => ({
  type: "Feature",
  geometry,
  properties,
});

/** Ward and accuracy circles as GeoJSON for MapLibre. */
export function layers(scene: Scene): { ward: FeatureCollection; circles: FeatureCollection } {
  const ward = scene.ward?.boundary
    ? [{ type: "Feature" as const, geometry: scene.ward.boundary, properties: {} }]
    : [];
  const circles = located(scene.incidents)
    .filter((i) => i.accuracy_m)
    .map((i) =>
      feature(
        { type: "Polygon", coordinates: [circle(i, i.accuracy_m!)] },
        { state: i.state, chosen: i.id === scene.chosen },
      ),
    );
  return {
    ward: { type: "FeatureCollection", features: ward },
    circles: { type: "FeatureCollection", features: circles },
  };
}

/** How far to look around a chosen incident, in metres: as far as the nearest unit with a fresh fix, if it is near. */
export function lookM(incident: Incident, scene: Pick<Scene, "units" | "now">): number {
  const near = unitMarks(scene.units, scene.now)
    .filter((u) => u.fresh === "fresh" && incident.lat !== null)
    .map((u) => distanceM(incident.lat!, incident.lon!, u.lat, u.lon));
  const reach = Math.min(...near) * 1.15;
  return Math.max(500, (incident.accuracy_m ?? 0) * 2.5, reach < 8000 ? reach : 0);
}

export function webglWorks(page: Document = document): boolean {
  try {
    const canvas = page.createElement("canvas");
    return !!(canvas.getContext("webgl2") ?? canvas.getContext("webgl"));
  } catch {
    return false; // some browsers throw instead of answering null
  }
}
