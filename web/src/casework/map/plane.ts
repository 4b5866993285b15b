/** The flat piece of ground under a map: degrees to metres, metres to pixels, and the views between them. Pure. */
export interface Place {
  lat: number;
  lon: number;
}
/** Metres east (x) and south (y) of the middle of what is shown. */
export interface Spot {
  x: number;
  y: number;
}
export interface Size {
  w: number;
  h: number;
}
/** The spot in the middle of the screen, and how many pixels a metre is. */
export interface View {
  x: number;
  y: number;
  scale: number;
}
export type Plane = (place: Place) => Spot;

const M_PER_DEGREE = 111_195;
const NEAREST = 12;
const FARTHEST = 0.002; // pixels a metre
const ALONE_M = 60; // what a single door shows around it

export function planeAt(middle: Place): Plane {
  const wide = M_PER_DEGREE * Math.cos((middle.lat * Math.PI) / 180);
  return (p) => ({ x: (p.lon - middle.lon) * wide, y: (middle.lat - p.lat) * M_PER_DEGREE });
}

export function middleOf(places: Place[]): Place {
  if (!places.length) return { lat: 16, lon: 107.5 };
  let [south, north, west, east] = [90, -90, 180, -180];
  for (const p of places)
    [south, north, west, east] = [
      Math.min(south, p.lat),
      Math.max(north, p.lat),
      Math.min(west, p.lon),
      Math.max(east, p.lon),
    ];
  return { lat: (south + north) / 2, lon: (west + east) / 2 };
}

const clamp = (scale: number) => Math.min(NEAREST, Math.max(FARTHEST, scale));

/** All the spots, with a margin for the marks. */
export function fit(spots: Spot[], size: Size, margin = 44): View {
  if (!spots.length) return { x: 0, y: 0, scale: 1 };
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const s of spots)
    [left, right, top, bottom] = [Math.min(left, s.x), Math.max(right, s.x), Math.min(top, s.y), Math.max(bottom, s.y)];
  const w = Math.max(right - left, ALONE_M);
  const h = Math.max(bottom - top, ALONE_M);
  const scale = clamp(Math.min(Math.max(size.w - 2 * margin, 60) / w, Math.max(size.h - 2 * margin, 60) / h));
  return { x: (left + right) / 2, y: (top + bottom) / 2, scale };
}

export const toScreen = (s: Spot, v: View, size: Size): Spot => ({
  x: (s.x - v.x) * v.scale + size.w / 2,
  y: (s.y - v.y) * v.scale + size.h / 2,
});
export const toGround = (p: Spot, v: View, size: Size): Spot => ({
  x: (p.x - size.w / 2) / v.scale + v.x,
  y: (p.y - size.h / 2) / v.scale + v.y,
});

/** Moved by pixels, as a finger drags it. */
export const moved = (v: View, dx: number, dy: number): View => ({
  ...v,
  x: v.x - dx / v.scale,
  y: v.y - dy / v.scale,
});

/** Nearer or farther; what lies under `at` stays there. */
export function zoomed(v: View, by: number, at: Spot, size: Size): View {
  const scale = clamp(v.scale * by);
  const kept = toGround(at, v, size);
  return { x: kept.x - (at.x - size.w / 2) / scale, y: kept.y - (at.y - size.h / 2) / scale, scale };
}

export const shown = (p: Spot, size: Size, margin = 0): boolean =>
  p.x >= -margin && p.y >= -margin && p.x <= size.w + margin && p.y <= size.h + margin;

/** A round number of metres for the scale bar, at most `widest` pixels wide. */
export function barOf(scale: number, widest = 110): { m: number; px: number } {
  const most = widest / scale;
  const power = 10 ** Math.floor(Math.log10(most));
  const m = [5, 2, 1].map((n) => n * power).find((n) => n <= most) ?? power;
  return { m, px: m * scale };
}
