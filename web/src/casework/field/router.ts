/**
 * Where the app is, in the address after the #: a word and a random id, nothing else. The phone's back button works.
 */
export type Place = "today" | "turfs" | "door" | "visit" | "tell" | "mend" | "settings" | "pin";
export interface Route {
  place: Place;
  id: string;
}
const PLACES: readonly string[] = ["today", "turfs", "door", "visit", "tell", "mend", "settings", "pin"];

export function read(hash: string): Route {
  const [place = "", id = ""] = hash.replace(/^#\/?/, "").split("/");
  return { place: (PLACES.includes(place) ? place : "today") as Place, id: /^[0-9a-f-]{36}$/i.test(id) ? id : "" };
}

export const path = (place: Place, id = ""): string => `#/${place}${id ? `/${id}` : ""}`;

/** Every change is told by one event, whoever made it: a touch, the back button, or the address itself. */
export const moved = new EventTarget();
const tell = () => moved.dispatchEvent(new Event("move"));
addEventListener("popstate", tell);
addEventListener("hashchange", tell);

export function go(place: Place, id = ""): void {
  history.pushState({ from: location.hash || "#/today" }, "", path(place, id));
  tell();
}

export function swap(place: Place, id = ""): void {
  history.replaceState(history.state, "", path(place, id));
  tell();
}

/** One step up: back where we came from when that is where it leads, so that the back button never walks in circles. */
export function up(place: Place, id = ""): void {
  if ((history.state as { from?: string } | null)?.from === path(place, id)) history.back();
  else swap(place, id);
}

/** From a visit to the next door: the door that was under the visit gives way too, so that back leads to the list. */
export function onward(under: string, place: Place, id = ""): void {
  if ((history.state as { from?: string } | null)?.from !== path("door", under)) return swap(place, id);
  addEventListener("popstate", () => swap(place, id), { once: true });
  history.back();
}
