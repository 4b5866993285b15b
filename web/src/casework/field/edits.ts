/** Corrections of a door: what it says now, how it is shown corrected, and what of the typed really differs. Pure. */

/** The fields of a door that a team may correct. */
export interface Correctable {
  landmark: string;
  kind: string;
  access_note: string;
  best_time: string;
  occupants: number | null;
  lat: number | null;
  lon: number | null;
}
export type EditField = "landmark" | "kind" | "access_note" | "best_time" | "occupants" | "position";
export type EditValue = string | number | null | { lat: number; lon: number };

export const FIELDS: EditField[] = ["landmark", "kind", "access_note", "best_time", "occupants", "position"];

export function valueOf(door: Correctable, field: EditField): EditValue {
  if (field === "position") return door.lat === null || door.lon === null ? null : { lat: door.lat, lon: door.lon };
  return door[field];
}

/** The door as it would be with that value. */
export function shownWith(door: Correctable, field: EditField, value: EditValue): Correctable {
  if (field !== "position") return { ...door, [field]: value };
  const at = value as { lat: number; lon: number } | null;
  return { ...door, lat: at?.lat ?? null, lon: at?.lon ?? null };
}

export function same(a: EditValue | undefined, b: EditValue | undefined): boolean {
  const plain = (v: EditValue | undefined) => (v && typeof v === "object" ? [v.lat, v.lon] : (v ?? null));
  return JSON.stringify(plain(a)) === JSON.stringify(plain(b));
}

/** What has really changed of what was typed. */
export function changes(
  door: Correctable,
  typed: Partial<Record<EditField, EditValue>>,
): { field: EditField; base: EditValue; value: EditValue }[] {
  return FIELDS.filter((field) => field in typed && !same(typed[field], valueOf(door, field))).map((field) => ({
    field,
    base: valueOf(door, field),
    value: typed[field]!,
  }));
}
