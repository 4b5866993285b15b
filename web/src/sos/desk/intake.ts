/** What the phone intake form turns into. Pure. */
import type { Intake } from "../../contract/api";
import type { Place } from "../../contract/types";

export interface Point {
  lat: number;
  lon: number;
}
export interface IntakeForm {
  phone: string;
  note: string;
  kind: string;
  place_code: string;
  pasted: string;
  silent: boolean;
  point: Point | null;
}
export const BLANK: IntakeForm = {
  phone: "",
  note: "",
  kind: "unknown",
  place_code: "",
  pasted: "",
  silent: false,
  point: null,
};

/** "11,0914; 106,799" or "11.0914, 106.799" – or null. Decimal commas need another separator than a comma. */
export function parsePoint(text: string): Point | null {
  const s = text.trim();
  const dotted =
    /^(-?\d+(?:\.\d+)?)\s*[,;\s]\s*(-?\d+(?:\.\d+)?)$/.exec(s) ?? /^(-?\d+,\d+)\s*[;\s]\s*(-?\d+,\d+)$/.exec(s);
  if (!dotted) return null;
  const [lat, lon] = [dotted[1]!, dotted[2]!].map((n) => Number(n.replace(",", ".")));
  return lat! >= 6 && lat! <= 24 && lon! >= 101 && lon! <= 118 ? { lat: lat!, lon: lon! } : null;
}

export type Checked = { intake: Intake } | { problem: "badLatLon" | "intakeNeeds" };

export function checkIntake(form: IntakeForm, id: string, ward: number, places: Place[]): Checked {
  const pasted = form.pasted.trim() ? parsePoint(form.pasted) : null;
  if (form.pasted.trim() && !pasted) return { problem: "badLatLon" };
  const point = form.point ?? pasted;
  const place = places.find((p) => p.code === form.place_code);
  if (!form.phone.trim() && !form.note.trim() && !point && !place) return { problem: "intakeNeeds" };
  return {
    intake: {
      id,
      ward,
      kind: form.kind,
      silent: form.silent,
      note: form.note.trim(),
      ...(form.phone.trim() ? { phone: form.phone.trim() } : {}),
      ...(point ? { lat: point.lat, lon: point.lon } : {}),
      ...(place ? { place_code: place.code } : {}),
    },
  };
}
