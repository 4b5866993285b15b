/**
 * Paints the ground, the walks and the doors on a canvas: ink on white paper, readable in the sun, in the dark theme
 * too.
 */
import type { DoorState, GroundDoc } from "../field/types";
import { walks, type Located, type MapDoor } from "./doors";
import { INK, paintMark } from "./marks";
import { barOf, shown, toScreen, type Plane, type Size, type Spot, type View } from "./plane";
import { metres } from "../../kernel/geo";

export interface Scene {
  ground: GroundDoc | null;
  plane: Plane;
  located: Located[];
  route: boolean;
  selected: string | null;
  here: { lat: number; lon: number; accuracy_m: number } | null;
}
type Ctx = CanvasRenderingContext2D;
const PAPER = "#ffffff";
const GROUND = "#f3f6fb";
const WARD = "#2b3a57";
const AREA = "#6b7a95";
const ROUTE = "#0b4f9e";
const YOU = "#0057ff";
const CHOSEN = "#c2410c";
const FONT = 'system-ui, "Noto Sans", sans-serif';

/** How large a mark is drawn: small when the whole ward is seen, a fingertip's when one street is. */
export const radiusAt = (scale: number, doors: number): number => {
  const least = doors > 800 ? 3 : 5;
  // In halves: few different stamps.
  return Math.round(2 * Math.min(13, Math.max(least, least + Math.sqrt(scale) * 7 - 1.5))) / 2;
};

export function paint(ctx: Ctx, scene: Scene, view: View, size: Size, ratio: number): void {
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.fillStyle = scene.ground?.outline.length ? "#e9edf4" : PAPER;
  ctx.fillRect(0, 0, size.w, size.h);
  paintGround(ctx, scene, view, size);
  const r = radiusAt(view.scale, scene.located.length);
  if (scene.route)
    for (const walk of walks(scene.located))
      paintWalk(
        ctx,
        walk.map((l) => toScreen(l, view, size)),
        r,
      );
  paintDoors(ctx, scene, view, size, r, ratio);
  if (scene.here) paintHere(ctx, scene, view, size);
  if (view.scale > 0.12) scene.ground?.areas.forEach((a) => nameArea(ctx, a.name, a.outline, scene.plane, view, size));
  paintBar(ctx, view, size);
}

function paintGround(ctx: Ctx, scene: Scene, view: View, size: Size): void {
  const draw = (rings: [number, number][][]) => {
    ctx.beginPath();
    for (const ring of rings)
      ring.forEach(([lat, lon], n) => {
        const p = toScreen(scene.plane({ lat, lon }), view, size);
        if (n) ctx.lineTo(p.x, p.y);
        else ctx.moveTo(p.x, p.y);
      });
  };
  if (!scene.ground) return;
  draw(scene.ground.outline);
  ctx.fillStyle = GROUND;
  ctx.fill("evenodd");
  line(ctx, WARD, 3);
  for (const area of scene.ground.areas) {
    draw(area.outline);
    line(ctx, AREA, 1.5, [7, 5]);
  }
}

function line(ctx: Ctx, colour: string, width: number, dash: number[] = []): void {
  ctx.setLineDash(dash);
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.lineCap = "round";
  ctx.lineJoin = "round";
  ctx.stroke();
  ctx.setLineDash([]);
}

/** The way to walk: a line with an arrow in the middle of each stretch that is long enough to be seen. */
function paintWalk(ctx: Ctx, spots: Spot[], r: number): void {
  ctx.beginPath();
  spots.forEach((p, n) => (n ? ctx.lineTo(p.x, p.y) : ctx.moveTo(p.x, p.y)));
  line(ctx, PAPER, 6);
  line(ctx, ROUTE, 2.5);
  ctx.fillStyle = ROUTE;
  for (let n = 1; n < spots.length; n++) {
    const a = spots[n - 1]!;
    const b = spots[n]!;
    const long = Math.hypot(b.x - a.x, b.y - a.y);
    if (long < 2 * r + 26) continue;
    const [ux, uy] = [(b.x - a.x) / long, (b.y - a.y) / long];
    const [mx, my] = [(a.x + b.x) / 2, (a.y + b.y) / 2];
    ctx.beginPath();
    ctx.moveTo(mx + ux * 8, my + uy * 8);
    ctx.lineTo(mx - ux * 5 - uy * 6, my - uy * 5 + ux * 6);
    ctx.lineTo(mx - ux * 5 + uy * 6, my - uy * 5 - ux * 6);
    ctx.fill();
  }
}

const stamps = new Map<string, HTMLCanvasElement>();

/**
 * A mark is drawn once per state and size and then stamped, pixel on pixel: thousands of doors cost no more than
 * pictures.
 */
function stamp(state: DoorState, r: number, ratio: number): HTMLCanvasElement {
  const key = `${state}:${r.toFixed(1)}:${ratio}`;
  const known = stamps.get(key);
  if (known) return known;
  if (stamps.size > 120) stamps.clear();
  const made = document.createElement("canvas");
  const wide = Math.ceil((r * 2.9 + 3) * ratio);
  made.height = wide;
  made.width = wide;
  const brush = made.getContext("2d")!;
  brush.setTransform(ratio, 0, 0, ratio, 0, 0);
  paintMark(brush, state, wide / ratio / 2, wide / ratio / 2, r);
  stamps.set(key, made);
  return made;
}

function paintDoors(ctx: Ctx, scene: Scene, view: View, size: Size, r: number, ratio: number): void {
  let chosen: Spot | null = null;
  const seen: [Spot, MapDoor][] = [];
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  for (const one of scene.located) {
    const p = toScreen(one, view, size);
    if (!shown(p, size, 30)) continue;
    seen.push([p, one.door]);
    if (one.door.id === scene.selected) chosen = p;
    else {
      const mark = stamp(one.door.state, r, ratio);
      ctx.drawImage(mark, Math.round(p.x * ratio - mark.width / 2), Math.round(p.y * ratio - mark.width / 2));
    }
  }
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (chosen) paintChosen(ctx, chosen, scene.located.find((l) => l.door.id === scene.selected)!.door.state, r);
  if (r >= 8) paintNumbers(ctx, seen, scene.selected, r);
}

function paintNumbers(ctx: Ctx, seen: [Spot, MapDoor][], selected: string | null, r: number): void {
  const taken = new Set<string>();
  seen.sort((a, b) => Number(b[1].id === selected) - Number(a[1].id === selected));
  for (const [p, door] of seen) {
    if (door.place < 1) continue;
    if (door.state === "not_yet" && r >= 10 && door.id !== selected) inside(ctx, String(door.place), p);
    else above(ctx, String(door.place), p, door.id === selected ? r * 2 + 6 : r, taken);
  }
}

function paintChosen(ctx: Ctx, p: Spot, state: DoorState, r: number): void {
  ctx.beginPath();
  ctx.arc(p.x, p.y, r * 2 + 5, 0, 2 * Math.PI);
  ctx.fillStyle = "rgba(255,255,255,0.8)";
  ctx.fill();
  line(ctx, CHOSEN, 4);
  paintMark(ctx, state, p.x, p.y, r * 1.35);
}

/** A number of the walk above its mark, where it covers no other; a door that waits has it inside. */
function above(ctx: Ctx, text: string, p: Spot, r: number, taken: Set<string>): void {
  const x = p.x;
  const y = p.y - r - 9;
  const wide = text.length * 8 + 2;
  const cells = Array.from(
    { length: Math.ceil(wide / 9) + 1 },
    (_, n) => `${Math.floor((x - wide / 2 + n * 9) / 9)}:${Math.floor(y / 13)}`,
  );
  if (cells.some((c) => taken.has(c))) return;
  cells.forEach((c) => taken.add(c));
  ctx.textAlign = "center";
  write(ctx, text, x, y, `700 12px ${FONT}`, INK);
  ctx.textAlign = "start";
}

function inside(ctx: Ctx, text: string, p: Spot): void {
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.font = `700 ${text.length > 2 ? 9 : 12}px ${FONT}`;
  ctx.fillStyle = INK;
  ctx.fillText(text, p.x, p.y + 0.5);
  ctx.textAlign = "start";
}

function write(ctx: Ctx, text: string, x: number, y: number, font: string, colour: string): void {
  ctx.font = font;
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.lineWidth = 4;
  ctx.strokeStyle = PAPER;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}

function nameArea(ctx: Ctx, name: string, rings: [number, number][][], plane: Plane, view: View, size: Size): void {
  const ring = rings[0];
  if (!ring?.length) return;
  const [lat, lon] = [0, 1].map(
    (k) => (Math.min(...ring.map((c) => c[k]!)) + Math.max(...ring.map((c) => c[k]!))) / 2,
  ) as [number, number];
  const p = toScreen(plane({ lat, lon }), view, size);
  if (!shown(p, size)) return;
  ctx.textAlign = "center";
  write(ctx, name, p.x, p.y, `600 14px ${FONT}`, "#33405a");
  ctx.textAlign = "start";
}

/** Own position: a ring with a cross hair, inside the circle in which the phone says it may be. */
function paintHere(ctx: Ctx, scene: Scene, view: View, size: Size): void {
  const p = toScreen(scene.plane(scene.here!), view, size);
  ctx.beginPath();
  ctx.arc(p.x, p.y, Math.max(12, scene.here!.accuracy_m * view.scale), 0, 2 * Math.PI);
  ctx.fillStyle = "rgba(0,87,255,0.13)";
  ctx.fill();
  line(ctx, YOU, 1.5, [4, 4]);
  ctx.beginPath();
  ctx.arc(p.x, p.y, 7, 0, 2 * Math.PI);
  ctx.fillStyle = YOU;
  ctx.fill();
  line(ctx, PAPER, 3);
  ctx.beginPath();
  for (const [x, y] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    ctx.moveTo(p.x + x * 11, p.y + y * 11);
    ctx.lineTo(p.x + x * 18, p.y + y * 18);
  }
  line(ctx, YOU, 3);
}

function paintBar(ctx: Ctx, view: View, size: Size): void {
  const { m, px } = barOf(view.scale);
  const y = size.h - 14;
  ctx.beginPath();
  for (const [x, dy] of [
    [12, -5],
    [12, 0],
    [12 + px, 0],
    [12 + px, -5],
  ] as const)
    if (x === 12 && dy < 0) ctx.moveTo(x, y + dy);
    else ctx.lineTo(x, y + dy);
  line(ctx, PAPER, 5);
  line(ctx, INK, 2);
  write(ctx, metres(m), 16, y - 11, `600 12px ${FONT}`, INK);
}
