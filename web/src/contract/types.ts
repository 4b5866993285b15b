/** The shapes that /api and /live speak. Times are ISO 8601 in UTC, ids are UUIDs as text. */
import type { MultiPolygon, Polygon } from "geojson";

export type Iso = string;
export type Id = string;
export type Priority = "P1" | "P2" | "P3" | "P4";
export type IncidentState =
  "received" | "acknowledged" | "responding" | "resolved" | "closed" | "duplicate" | "transferred";
export type AssignmentState = "offered" | "accepted" | "en_route" | "on_scene" | "done" | "declined" | "withdrawn";
export type UnitKind = "foot" | "bicycle" | "motorbike" | "car" | "boat";
export interface Bilingual {
  vi: string;
  en: string;
}

export interface WardBrief {
  ward_id: number;
  code: string;
  name: string;
  full_name: string;
  is_demo: boolean;
  lat: number;
  lon: number;
}
export interface Ward extends WardBrief {
  province_code: string;
  boundary: Polygon | MultiPolygon | null;
  desk_phone: string | null;
}
export interface Place {
  id: Id;
  code: string;
  ward_id: number;
  name: string;
  address: string;
  lat: number;
  lon: number;
  floor: string;
  room: string;
  active: boolean;
}

export interface UnitShift {
  id: Id;
  unit_id: Id;
  ward_id: number;
  call_sign: string;
  kind: UnitKind;
  capabilities: string[];
  started_at: Iso;
  ended_at: Iso | null;
  tracker_key: string | null;
}
export interface DeskShift {
  id: Id;
  ward_id: number;
  seat: Seat;
  started_at: Iso;
  ended_at: Iso | null;
  sound_checked_at: Iso | null;
}
export type Seat = "desk" | "second" | "lead" | "chief";
export interface Me {
  account: { id: Id; login: string; display_name: string; lang: string };
  roles: Record<string, string[]>;
  csrf: string;
  wards: WardBrief[];
  unit: UnitShift | null;
  desk_shift: DeskShift | null;
  server_time: Iso;
}

export interface Unit {
  unit_id: Id;
  ward_id: number;
  call_sign: string;
  kind: UnitKind;
  capabilities: string[];
  shift_id: Id | null;
  on_shift: boolean;
  lat: number | null;
  lon: number | null;
  accuracy_m: number | null;
  age_s: number | null;
  at: Iso | null;
  speed_mps: number | null;
  heading: number | null;
  battery: number | null;
  status: "off" | "free" | AssignmentState;
  incident_id: Id | null;
}
/** A unit in a `positions` event: where it is, nothing about its task. */
export type UnitFix = Pick<
  Unit,
  "unit_id" | "call_sign" | "kind" | "at" | "lat" | "lon" | "accuracy_m" | "speed_mps" | "heading" | "age_s"
>;

export interface Incident {
  id: Id;
  ward_id: number;
  ward_code: string;
  state: IncidentState;
  level: number;
  priority: Priority;
  kind: string;
  kind_name: Bilingual;
  silent: boolean;
  channel: string;
  lat: number | null;
  lon: number | null;
  accuracy_m: number | null;
  located_at: Iso | null;
  location_source: "gps" | "place" | "desk" | "none";
  place_code: string | null;
  place_name: string | null;
  phone: string | null;
  note: string;
  lang: string;
  device_id: Id | null;
  outside: boolean;
  drill: boolean;
  repeats: number;
  pressed_at: Iso | null;
  received_at: Iso;
  seen_at: Iso | null;
  acknowledged_at: Iso | null;
  acknowledged_by: Id | null;
  acknowledged_by_name: string | null;
  dispatched_at: Iso | null;
  coming_at: Iso | null;
  arrived_at: Iso | null;
  resolved_at: Iso | null;
  closed_at: Iso | null;
  outcome: string | null;
  outcome_note: string;
  original_id: Id | null;
  agency: string | null;
  cancel_requested_at: Iso | null;
  duress: boolean;
  escalated_at: Iso | null;
  moved_by: string;
  moved_by_name: string;
  moved_at: Iso;
  moved_verb: string;
  waiting_s: number;
  call: string[];
  due_at: Iso | null;
  may_ring_back: boolean;
  actions: string[];
}
export interface ChatLine {
  id: Id;
  at: Iso;
  by: "resident" | "desk";
  by_name: string;
  text: string;
  other?: boolean;
}
export interface FullIncident extends Incident {
  assignments: Assignment[];
  messages: ChatLine[];
}

/** What a crew may know of an incident. */
export interface Task {
  id: Id;
  ward_id: number;
  kind: string;
  kind_name: Bilingual;
  priority: Priority;
  state: IncidentState;
  lat: number | null;
  lon: number | null;
  accuracy_m: number | null;
  located_at: Iso | null;
  location_source: string;
  place_code: string | null;
  place_name: string | null;
  note: string;
  silent: boolean;
  drill: boolean;
  cancel_requested_at: Iso | null;
  received_at: Iso;
}
export interface Assignment {
  id: Id;
  ward_id: number;
  incident_id: Id;
  unit_id: Id;
  state: AssignmentState;
  rank: number | null;
  eta_s: number | null;
  distance_m: number | null;
  offered_at: Iso;
  offered_by: string;
  accepted_at: Iso | null;
  en_route_at: Iso | null;
  on_scene_at: Iso | null;
  done_at: Iso | null;
  ended_at: Iso | null;
  reason: string;
  note: string;
  level: number;
  call_sign: string;
  unit_kind: UnitKind;
  offer_expires_at: Iso | null;
  incident: Task;
  actions: string[];
}

export interface RankedUnit {
  unit_id: Id;
  call_sign: string;
  kind: UnitKind;
  capabilities: string[];
  status: "free" | "offered" | "busy" | "stale" | "no_fix" | "off" | "here";
  age_s: number | null;
  distance_m: number | null;
  eta_s: number | null;
  rank: number;
  excluded: boolean;
  reasons: { vi: string[]; en: string[] };
}
export interface Recommendation {
  units: RankedUnit[];
  method: string;
  factor: number;
  computed_ms: number;
}

export interface Entry {
  seq: number;
  at: Iso;
  actor: string;
  actor_name: string;
  verb: string;
  subject_kind: string;
  subject_id: Id;
  facts: Record<string, unknown>;
  text: string | null;
}
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
  seq: Record<string, number>;
}
export interface BoardSnapshot {
  seq: number;
  server_time: Iso;
  ward: Ward;
  demo: boolean;
  incidents: (Incident & { assignments?: Assignment[] })[];
  units: Unit[];
  policies: Record<string, number>;
}
export interface StreamToken {
  token: string;
  ward_id: number;
  expires_at: Iso;
}

export interface MoveRow {
  verb: string;
  from: string[];
  to: string;
  by: string;
  needs: string[];
}
export interface LifecycleTable {
  name: string;
  start: string;
  states: string[];
  final: string[];
  moves: MoveRow[];
  clocks: { state: string; policy: string; verb: string }[];
}
export interface Choice {
  code: string;
  vi: string;
  en: string;
}
export interface Kind extends Choice {
  call: string[];
  priority: Priority;
}
export interface Lifecycles {
  lifecycles: Record<string, LifecycleTable>;
  kinds: Kind[];
  outcomes: Choice[];
  agencies: Choice[];
}

/** One row of a ward's journal, as /live/desk/events carries it. */
export interface DeskEvent {
  seq: number;
  at: Iso;
  verb: string;
  subject_kind: string;
  subject_id: Id | null;
  facts: Record<string, unknown>;
  actor: string;
}
export interface Hello {
  seq: number;
  after: number;
  ward_id: number;
  stream_id: Id;
  server_time: Iso;
  expires_at: number;
}

export interface Pairing {
  tracker_key: string;
  call_sign: string;
  osmand_url: string;
  osmand_device_id: string;
  owntracks_url: string;
  qr_svg: string;
  qr_text: string;
}
export interface Notice {
  id: Id;
  ward_id: number;
  template: string;
  title: string;
  body: string;
  url: string;
  subject_kind: string;
  subject_id: Id | null;
  state: string;
  created_at: Iso;
}
