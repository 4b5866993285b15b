/** Doors as the map knows them: where they stand, which one a finger means, the lines of the walks. Pure. */
import type { DoorState, GroundDoc } from "../field/types";
import { toScreen, type Place, type Plane, type Size, type Spot, type View } from "./plane";

export interface MapDoor {
  id: string;
  lat: number | null;
  lon: number | null;
  state: DoorState;
  label: string;
  place: number;
}
export interface Located extends Spot {
  door: MapDoor;
}
export const STATES: DoorState[] = ["not_yet", "reached", "come_back", "not_home", "refused", "vacant"];
export const HIT_PX = 26; // from the middle: a target is at least 52 px across
const SAME_PX = 5;

export const placesOf = (ground: GroundDoc | null): Place[] =>
  (ground ? [...ground.outline, ...ground.areas.flatMap((a) => a.outline)] : [])
    .flat()
    .map(([lat, lon]) => ({ lat, lon }));

export function locate(doors: MapDoor[], plane: Plane): Located[] {
  return doors
    .filter((d) => d.lat !== null && d.lon !== null)
    .map((door) => ({ ...plane({ lat: door.lat!, lon: door.lon! }), door }));
}

/**
 * The door under a finger: the nearest within reach. Where several stand at one spot (a block of flats), the one after
 * `before`.
 */
export function doorAt(located: Located[], at: Spot, view: View, size: Size, before: string | null): MapDoor | null {
  const near = located
    .map((l) => ({ l, p: toScreen(l, view, size) }))
    .map(({ l, p }) => ({ l, p, far: Math.hypot(p.x - at.x, p.y - at.y) }))
    .filter((n) => n.far <= HIT_PX);
  const first = near.reduce<(typeof near)[number] | null>((best, n) => (best && best.far <= n.far ? best : n), null);
  if (!first) return null;
  const same = near.filter((n) => Math.hypot(n.p.x - first.p.x, n.p.y - first.p.y) <= SAME_PX).map((n) => n.l.door);
  return same[(same.findIndex((d) => d.id === before) + 1) % same.length]!;
}

/** How many doors stand at the spot of this one. */
export function together(doors: MapDoor[], id: string | null): number {
  const one = doors.find((d) => d.id === id);
  return one?.lat == null ? 0 : doors.filter((d) => d.lat === one.lat && d.lon === one.lon).length;
}

/** The walks: doors come in walking order, and where the numbers start anew another walk begins. */
export function walks(located: Located[]): Located[][] {
  const found: Located[][] = [];
  for (const one of located) {
    const last = found.at(-1);
    if (last && one.door.place > last.at(-1)!.door.place) last.push(one);
    else found.push([one]);
  }
  return found;
}

/** The door after (or before) the chosen one, in the order given. */
export function beside(doors: MapDoor[], id: string | null, step: 1 | -1): MapDoor | null {
  if (!doors.length) return null;
  const at = doors.findIndex((d) => d.id === id);
  if (at < 0) return doors[step > 0 ? 0 : doors.length - 1]!;
  return doors[Math.min(doors.length - 1, Math.max(0, at + step))]!;
}

export function counts(doors: MapDoor[]): Record<DoorState, number> {
  const found = Object.fromEntries(STATES.map((s) => [s, 0])) as Record<DoorState, number>;
  for (const d of doors) found[d.state] += 1;
  return found;
}
