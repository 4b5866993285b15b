/**
 * What the screens call the shapes of /api (generated: openapi.ts), and the shapes that only /live speaks. Times are
 * ISO 8601 in UTC, ids are UUIDs as text.
 */
import type { MultiPolygon, Polygon } from "geojson";
import type {
  AssignmentRow,
  Board,
  Coded,
  CodedKind,
  CrewShift,
  DeskShiftOut,
  FullIncident as WholeIncident,
  IncidentPage,
  IncidentPlace,
  IncidentRow,
  MessageOut,
  PlaceDetail,
  QueuePage,
  UnitState,
  WardDetail,
} from "./openapi";

export type {
  Bilingual,
  ChatLine,
  CollapsedPress,
  Entry,
  LifecycleTable,
  Lifecycles,
  Me,
  MoveRow,
  Pairing,
  RankedUnit,
  Recommendation,
  StreamToken,
  WardBrief,
} from "./openapi";

export type Iso = string;
export type Id = string;
export type Ward = Omit<WardDetail, "boundary"> & { boundary: Polygon | MultiPolygon | null };
export type Place = PlaceDetail;
export type Unit = UnitState;
export type UnitKind = UnitState["kind"];
export type UnitShift = CrewShift;
export type DeskShift = DeskShiftOut;
export type Seat = DeskShiftOut["seat"];
/** Without the names that stay for one version only (docs/adr/0017). */
type Current<T> = Omit<T, "actions">;
export type Incident = Current<IncidentRow>;
export type FullIncident = Incident & { assignments: Assignment[] } & Pick<
    WholeIncident,
    "messages" | "messages_older"
  >;
export type IncidentState = IncidentRow["state"];
export type Priority = IncidentRow["priority"];
/** What a crew may know of an incident. */
export type Task = IncidentPlace;
export type Assignment = Current<AssignmentRow>;
export type AssignmentState = AssignmentRow["state"];
export type Queue = Omit<IncidentPage, "items" | "next_cursor"> & { items: Incident[] };
export type DeskQueuePage = Omit<QueuePage, "items"> & { items: Incident[] };
export type BoardSnapshot = Omit<Board, "ward" | "incidents"> & {
  ward: Ward;
  incidents: (Incident & { assignments?: Assignment[] })[];
};
export type Choice = Pick<Coded, "code" | "vi" | "en">;
export type Kind = CodedKind;
export type Notice = MessageOut;

/** A unit in a `positions` event: where it is, nothing about its task. */
export type UnitFix = Pick<
  Unit,
  "unit_id" | "call_sign" | "kind" | "at" | "lat" | "lon" | "accuracy_m" | "speed_mps" | "heading" | "age_s"
>;
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
