/**
 * One typed function per call of the /api contract (and the desk's receipt on /live). Nothing here decides anything.
 */
import { api, Refusal, request } from "../live/http";
import type {
  Assignment,
  BoardSnapshot,
  ChatLine,
  DeskShift,
  Entry,
  FullIncident,
  Id,
  Incident,
  Lifecycles,
  Me,
  Notice,
  Page,
  Pairing,
  Place,
  Recommendation,
  Seat,
  StreamToken,
  Unit,
  UnitShift,
  Ward,
} from "./types";

const q = (values: Record<string, string | number | null | undefined>) => {
  const given = Object.entries(values).filter(([, v]) => v !== null && v !== undefined && v !== "");
  return given.length ? `?${new URLSearchParams(given.map(([k, v]) => [k, String(v)]))}` : "";
};

export const getMe = () => api<Me>("GET", "/me");
export const getLifecycles = () => api<Lifecycles>("GET", "/lifecycles");
export const getWard = (code: string) => api<Ward>("GET", `/wards/${encodeURIComponent(code)}`);
export const getPlaces = (ward?: number) => api<Place[]>("GET", `/places${q({ ward })}`);

export const listIncidents = (ward: number, state: string, cursor?: string | null, limit = 500) =>
  api<Page<Incident>>("GET", `/incidents${q({ ward, state, cursor, limit })}`);
export const getIncident = (id: Id) => api<FullIncident>("GET", `/incidents/${id}`);
export const getTimeline = (id: Id) => api<{ items: Entry[] }>("GET", `/incidents/${id}/timeline`);
export const getRecommendation = (id: Id) => api<Recommendation>("GET", `/incidents/${id}/recommendation`);
export const postVerb = (id: Id, verb: string, needs: object = {}) =>
  api<FullIncident>("POST", `/incidents/${id}/${verb}`, needs);
export const postMessage = (id: Id, messageId: Id, text: string) =>
  api<{ messages: ChatLine[] }>("POST", `/incidents/${id}/messages`, { id: messageId, text });
export interface Intake {
  id: Id;
  ward: number;
  kind?: string;
  phone?: string | null;
  note?: string;
  lat?: number | null;
  lon?: number | null;
  place_code?: string | null;
  silent?: boolean;
}
export const postIntake = (intake: Intake) => api<FullIncident>("POST", "/incidents", intake);

export const listAssignments = (unit?: Id) =>
  api<{ items: Assignment[] }>("GET", `/assignments${q({ unit, state: "open" })}`);
export const getAssignment = (id: Id) => api<Assignment>("GET", `/assignments/${id}`);
export const postAssignmentVerb = (id: Id, verb: string, needs: { reason?: string; note?: string } = {}) =>
  api<Assignment>("POST", `/assignments/${id}/${verb}`, needs);

export const listUnits = (ward?: number) => api<{ items: Unit[] }>("GET", `/units${q({ ward })}`);
export const startUnitShift = (unit_id: Id) => api<UnitShift>("POST", "/unit-shifts", { unit_id });
export const endUnitShift = (id: Id) => api<UnitShift>("POST", `/unit-shifts/${id}/end`);
export const getPairing = () => api<Pairing>("GET", "/patrol/pairing");

export const startDeskShift = (ward: number, seat: Seat, sound_checked: boolean) =>
  api<DeskShift>("POST", "/desk/shift", { ward, seat, sound_checked });
export const endDeskShift = (ward: number, note: string) => api<null>("POST", "/desk/shift/end", { ward, note });
export const getBoard = (ward: number) => api<BoardSnapshot>("GET", `/desk/board${q({ ward })}`);
export const getStreamToken = (ward: number) => api<StreamToken>("GET", `/desk/stream-token${q({ ward })}`);
/** The receipt that alarms were truly painted, and whether the desk is being looked at. */
export const postRendered = (token: string, ids: Id[], visible: boolean, stream_id?: Id) =>
  request<{ seen: Id[]; at: string }>(
    "POST",
    "/live/desk/rendered",
    { ids, visible, ...(stream_id ? { stream_id } : {}) },
    { Authorization: `Bearer ${token}` },
  );

export const getPushKey = () => api<{ key: string }>("GET", "/push/key");
export const addPush = (subscription: { endpoint: string; keys: { p256dh: string; auth: string } }) =>
  api<{ id: Id }>("POST", "/push/subscriptions", subscription);
export const removePush = (endpoint: string) => api<null>("DELETE", "/push/subscriptions", { endpoint });
export const testPush = () => api<{ queued: number }>("POST", "/push/test");
export const listNotifications = (unread = true) =>
  api<Notice[]>("GET", `/notifications${q({ unread: unread ? 1 : null })}`);
export const postReceipt = (id: Id, state: "delivered" | "read") =>
  api<Notice>("POST", `/notifications/${id}/receipt`, { state });

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
