import type { Assignment, BoardSnapshot, DeskEvent, FullIncident, Incident, Unit } from "../../../src/contract/types";

/** An incident as the API gives it; made up. */
export function incident(over: Partial<Incident> = {}): Incident {
  return {
    id: "i1", ward_id: 25888, ward_code: "25888", state: "received", level: 0, priority: "P1", kind: "security", kind_name: { vi: "An ninh, trật tự", en: "Crime or disorder" },
    silent: false, channel: "web", lat: 11.09, lon: 106.8, accuracy_m: 35, located_at: "2026-11-24T05:00:00Z", location_source: "gps", place_code: null, place_name: null,
    phone: "0900000000", note: "", lang: "vi", device_id: null, outside: false, drill: false, repeats: 0, pressed_at: null, received_at: "2026-11-24T05:00:00Z", seen_at: null,
    acknowledged_at: null, acknowledged_by: null, acknowledged_by_name: null, dispatched_at: null, coming_at: null, arrived_at: null, resolved_at: null, closed_at: null,
    outcome: null, outcome_note: "", original_id: null, agency: null, cancel_requested_at: null, duress: false, escalated_at: null, moved_by: "resident", moved_by_name: "Người dân",
    moved_at: "2026-11-24T05:00:00Z", moved_verb: "raise", waiting_s: 0, call: ["113"], due_at: "2026-11-24T05:00:15Z", may_ring_back: true, actions: ["acknowledge", "dispatch", "resolve"], ...over,
  };
}
export const full = (over: Partial<FullIncident> = {}): FullIncident => ({ ...incident(over), assignments: [], messages: [], ...over });
export const event = (seq: number, verb: string, id: string | null, facts: Record<string, unknown> = {}, kind = "incident"): DeskEvent =>
  ({ seq, at: "2026-11-24T05:00:00Z", verb, subject_kind: kind, subject_id: id, facts, actor: "resident" });
export const unit = (over: Partial<Unit> = {}): Unit => ({
  unit_id: "u1", ward_id: 25888, call_sign: "Mẫu-01", kind: "motorbike", capabilities: [], shift_id: "s1", on_shift: true, lat: 11.1, lon: 106.81, accuracy_m: 8, age_s: 2,
  at: "2026-11-24T05:00:00Z", speed_mps: 7, heading: 90, battery: 80, status: "free", incident_id: null, ...over,
});
export const assignment = (over: Partial<Assignment> = {}): Assignment => ({
  id: "a1", ward_id: 25888, incident_id: "i1", unit_id: "u1", state: "offered", rank: 1, eta_s: 120, distance_m: 900, offered_at: "2026-11-24T05:00:00Z", offered_by: "account:x", accepted_at: null,
  en_route_at: null, on_scene_at: null, done_at: null, ended_at: null, reason: "", note: "", level: 0, call_sign: "Mẫu-01", unit_kind: "motorbike", offer_expires_at: "2026-11-24T05:00:20Z",
  incident: {} as Assignment["incident"], actions: [], ...over,
});
export const snapshot = (over: Partial<BoardSnapshot> = {}): BoardSnapshot => ({
  seq: 10, server_time: "2026-11-24T05:00:00Z", demo: true, incidents: [], units: [unit()], policies: {},
  ward: { ward_id: 25888, code: "25888", name: "Mẫu", full_name: "Phường Mẫu", province_code: "79", lat: 11.09, lon: 106.8, is_demo: true, desk_phone: null,
    boundary: { type: "Polygon", coordinates: [[[106.75, 11.05], [106.85, 11.05], [106.85, 11.15], [106.75, 11.15], [106.75, 11.05]]] } }, ...over,
});
/** The same numbers for the same seed. */
export function random(seed: number): () => number {
  let s = seed >>> 0;
  return () => ((s = (Math.imul(s, 1664525) + 1013904223) >>> 0), s / 2 ** 32);
}
