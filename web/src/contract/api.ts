/**
 * One typed function per call of the /api contract (and the desk's receipt on /live). Nothing here decides anything.
 */
import { Refusal, request } from "../live/http";
import { call, type Given } from "./call";
import type { AssignmentVerbIn, IntakeIn, SubscriptionIn, VerbIn } from "./openapi";
import type { Assignment, BoardSnapshot, DeskQueuePage, FullIncident, Id, Queue, Seat, Ward } from "./types";

export type Intake = IntakeIn;
type DeskVerb = Given<"post", "/api/incidents/{incident_id}/{verb}">["path"]["verb"];
type CrewVerb = Given<"post", "/api/assignments/{assignment_id}/{verb}">["path"]["verb"];

export const getMe = () => call("get", "/api/me");
export const getLifecycles = () => call("get", "/api/lifecycles");
export const getWard = (code: string) => call("get", "/api/wards/{code}", { path: { code } }) as Promise<Ward>;
export const getPlaces = (ward?: number) => call("get", "/api/places", { query: { ward } });

export const listIncidents = (ward: number, state: string, cursor?: string | null, limit = 500): Promise<Queue> =>
  call("get", "/api/incidents", { query: { ward, state, cursor, limit } });
/** Open incidents, whoever waits to be acknowledged first, the longest wait before the others. */
export const getQueue = (ward: number, cursor?: string | null): Promise<DeskQueuePage> =>
  call("get", "/api/desk/queue", { query: { ward, cursor } });
export const getIncident = (incident_id: Id): Promise<FullIncident> =>
  call("get", "/api/incidents/{incident_id}", { path: { incident_id } });
export const getTimeline = (incident_id: Id) =>
  call("get", "/api/incidents/{incident_id}/timeline", { path: { incident_id } });
export const getRecommendation = (incident_id: Id) =>
  call("get", "/api/incidents/{incident_id}/recommendation", { path: { incident_id } });
/** `verb`: one of those that the incident itself says are open. */
export const postVerb = (incident_id: Id, verb: string, needs: VerbIn = {}): Promise<FullIncident> =>
  call("post", "/api/incidents/{incident_id}/{verb}", { path: { incident_id, verb: verb as DeskVerb }, body: needs });
export const postMessage = (incident_id: Id, id: Id, text: string) =>
  call("post", "/api/incidents/{incident_id}/messages", { path: { incident_id }, body: { id, text } });
export const listMessages = (incident_id: Id, before?: Id | null) =>
  call("get", "/api/incidents/{incident_id}/messages", { path: { incident_id }, query: { before } });
/** The presses from one source that were collapsed into an incident. */
export const listPresses = (incident_id: Id, before?: Id | null) =>
  call("get", "/api/incidents/{incident_id}/presses", { path: { incident_id }, query: { before } });
export const splitPress = (incident_id: Id, press_id: Id): Promise<FullIncident> =>
  call("post", "/api/incidents/{incident_id}/presses/{press_id}/split", { path: { incident_id, press_id } });
export const postIntake = (intake: Intake): Promise<FullIncident> => call("post", "/api/incidents", { body: intake });

export const listAssignments = (unit?: Id): Promise<{ items: Assignment[] }> =>
  call("get", "/api/assignments", { query: { unit, state: "open" } });
export const getAssignment = (assignment_id: Id): Promise<Assignment> =>
  call("get", "/api/assignments/{assignment_id}", { path: { assignment_id } });
export const postAssignmentVerb = (
  assignment_id: Id,
  verb: string,
  needs: AssignmentVerbIn = {},
): Promise<Assignment> =>
  call("post", "/api/assignments/{assignment_id}/{verb}", {
    path: { assignment_id, verb: verb as CrewVerb },
    body: needs,
  });

export const listUnits = (ward?: number) => call("get", "/api/units", { query: { ward } });
export const startUnitShift = (unit_id: Id) => call("post", "/api/unit-shifts", { body: { unit_id } });
export const endUnitShift = (shift_id: Id) => call("post", "/api/unit-shifts/{shift_id}/end", { path: { shift_id } });
export const getPairing = () => call("get", "/api/patrol/pairing");

export const startDeskShift = (ward: number, seat: Seat, sound_checked: boolean) =>
  call("post", "/api/desk/shift", { body: { ward, seat, sound_checked } });
export const endDeskShift = (ward: number, note: string) =>
  call("post", "/api/desk/shift/end", { body: { ward, note } });
export const getBoard = (ward: number): Promise<BoardSnapshot> =>
  call("get", "/api/desk/board", { query: { ward } }) as Promise<BoardSnapshot>;
export const getStreamToken = (ward: number) => call("get", "/api/desk/stream-token", { query: { ward } });
/** What a desk should know of the system itself before it hurts. */
export type Warning = { code: "disk_low" | "disk_full"; free_mb: number } | { code: "push_silent"; names: string[] };
/** The receipt that alarms were truly painted, and whether the desk is being looked at. */
export const postRendered = (token: string, ids: Id[], visible: boolean, stream_id?: Id) =>
  request<{ seen: Id[]; at: string; warnings?: Warning[] }>(
    "POST",
    "/live/desk/rendered",
    { ids, visible, ...(stream_id ? { stream_id } : {}) },
    { Authorization: `Bearer ${token}` },
  );

export const getPushKey = () => call("get", "/api/push/key");
export const addPush = (subscription: SubscriptionIn) =>
  call("post", "/api/push/subscriptions", { body: subscription });
export const removePush = (endpoint: string) => call("delete", "/api/push/subscriptions", { body: { endpoint } });
export const testPush = () => call("post", "/api/push/test");
export const listNotifications = (unread = true) => call("get", "/api/notifications", { query: { unread } });
export const postReceipt = (message_id: Id, state: "delivered" | "read") =>
  call("post", "/api/notifications/{message_id}/receipt", { path: { message_id }, body: { state } });

/** True for "nobody is signed in": the page then goes to the login form and comes back. */
export function goSignIn(error: unknown): boolean {
  if (!(error instanceof Refusal) || error.problem.status !== 401) return false;
  location.assign(`/account/login/?next=${encodeURIComponent(location.pathname + location.search)}`);
  return true;
}

/** Lets this browser be woken by pushes; false where it cannot or must not. */
export async function subscribePush(): Promise<boolean> {
  if (
    !("PushManager" in window) ||
    !("Notification" in window) ||
    (await Notification.requestPermission()) !== "granted"
  )
    return false;
  const worker = await navigator.serviceWorker.ready;
  const { key } = await getPushKey();
  const raw = Uint8Array.from(
    atob(
      key
        .replace(/-/g, "+")
        .replace(/_/g, "/")
        .padEnd(Math.ceil(key.length / 4) * 4, "="),
    ),
    (c) => c.charCodeAt(0),
  );
  const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: raw });
  const { endpoint, keys } = made.toJSON();
  await addPush({ endpoint: endpoint!, keys: { p256dh: keys!["p256dh"]!, auth: keys!["auth"]! } });
  return true;
}
