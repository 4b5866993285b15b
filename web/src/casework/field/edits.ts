/** Corrections of a door: what it says now, and what of the typed really differs. Pure. */
import type { DoorDoc, EditField, EditValue } from "./types";

export const FIELDS: EditField[] = ["landmark", "kind", "access_note", "best_time", "occupants", "position"];

export function valueOf(body: DoorDoc, field: EditField): EditValue {
  if (field === "position") return body.lat === null || body.lon === null ? null : { lat: body.lat, lon: body.lon };
  return body[field];
}

export const same = (a: EditValue | undefined, b: EditValue | undefined): boolean =>
  JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** What has really changed of what was typed. */
export function changes(
  body: DoorDoc,
  typed: Partial<Record<EditField, EditValue>>,
): { field: EditField; base: EditValue; value: EditValue }[] {
  return FIELDS.filter((field) => field in typed && !same(typed[field], valueOf(body, field))).map((field) => ({
    field,
    base: valueOf(body, field),
    value: typed[field]!,
  }));
}
