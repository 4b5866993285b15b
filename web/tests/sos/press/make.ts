/** Records for the tests of the SOS page. */
import type { Answer, Record_, Status } from "../../../src/sos/press/state";

export const T0 = Date.UTC(2026, 10, 24, 5, 3, 0);
export const iso = (s: number) => new Date(T0 + s * 1000).toISOString();
export const ID = "01a20dfa-9e50-78f5-bee1-8ee94c884ffc";

export function answer(more: Partial<Answer> = {}): Answer {
  return {
    press_id: ID,
    incident_id: ID,
    ward_name: "Phường Mẫu",
    track_token: "tok",
    stored_at: iso(1),
    seen_at: null,
    outside: false,
    call: ["113"],
    demo: true,
    ...more,
  };
}
export function status(more: Partial<Status> = {}): Status {
  return {
    seq: 1,
    state: "received",
    stored_at: iso(1),
    seen_at: null,
    acknowledged_at: null,
    coming_at: null,
    arrived_at: null,
    resolved_at: null,
    closed_at: null,
    eta_s: null,
    agency: null,
    units: [],
    cancel_requested_at: null,
    messages: [],
    outside: false,
    ...more,
  };
}
export function record(more: Partial<Record_> = {}): Record_ {
  return { body: { press_id: ID, at: iso(0) }, made_at: T0, tries: 0, facts: [], ...more };
}
