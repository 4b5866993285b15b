/** What a page hands its map: JSON beside it, written by the server, read once. */
import type { DoorState, GroundDoc } from "../field/types";
import type { MapDoor } from "../map/door-map";

export interface GivenDoor extends MapDoor {
  turf?: string;
  url?: string;
}
export interface Given {
  ground: GroundDoc | null;
  doors: GivenDoor[];
}
const STATES = new Set<string>(["reached", "refused", "come_back", "not_home", "vacant", "not_yet"]);

export function given(id: string): Given {
  const text = document.getElementById(id)?.textContent;
  if (!text) return { ground: null, doors: [] };
  const made = JSON.parse(text) as Given;
  return {
    ground: made.ground,
    doors: made.doors.map((d) => ({ ...d, state: asState(d.state) })),
  };
}

/** A state that this build does not know counts as not yet. */
export const asState = (state: string): DoorState => (STATES.has(state) ? (state as DoorState) : "not_yet");

export const language = (): "vi" | "en" => (document.documentElement.lang === "en" ? "en" : "vi");
