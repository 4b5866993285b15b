/**
 * What the field app is handed, what it sends, and what its screens may ask of the session. Nothing here decides
 * anything.
 */
export type Id = string;
export type Outcome = "met" | "not_home" | "come_back" | "refused" | "vacant" | "moved";
export type DoorState = "reached" | "refused" | "come_back" | "not_home" | "vacant" | "not_yet";
export interface Named {
  code: string;
  vi: string;
  en?: string;
}

// ---- documents: kind/id → body, as POST /api/field/sync hands them out
export interface RoundDoc {
  name: string;
  purpose: string;
  from_on: string;
  to_on: string;
  state: string;
  topics: { code: string; vi: string; en: string }[];
  form: Id | null;
}
export interface TurfDoc {
  round: Id;
  number: number;
  group: number;
  area: string;
  team: string;
  team_parts: Record<string, number>;
  priority: number;
  length_m: number;
  minutes: number;
}
export interface DoorDoc {
  turf: Id;
  round: Id;
  place: number;
  address: string;
  number: string;
  way: string;
  group: string;
  kind: string;
  lat: number | null;
  lon: number | null;
  households: number;
  active: boolean;
  first: boolean;
  state: DoorState;
  not_home: number;
  come_back_at: string | null;
  landmark: string;
  access_note: string;
  best_time: string;
  occupants: number | null; // the fields that a team may correct
  facts: Partial<Record<EditField, { by: string; at: string }>>; // who gave a corrected value, and when
  slip: { code: string; url: string } | null; // for the resident: book, move or decline the next visit
}
export type EditField = "landmark" | "kind" | "access_note" | "best_time" | "occupants" | "position";
export type EditValue = string | number | null | { lat: number; lon: number };
export interface IssueDoc {
  dwelling: Id;
  kind: string;
  kind_name: string;
  words: string;
  answer: string;
  state: string;
  state_name: string;
  reply_by: string;
  reply_due_at: string | null;
  late: boolean;
  verbs: string[];
}
export interface PromiseDoc {
  what: "reply" | "visit";
  dwelling: Id;
  address: string;
  due_at: string;
  late: boolean;
  kind?: string;
  how_name?: string;
  unit_name?: string;
}
export interface Side {
  value: EditValue;
  by: string;
  at: string;
}
export interface ConflictDoc {
  dwelling: Id;
  address: string;
  field: EditField;
  a: Side;
  b: Side;
  both: boolean;
} // both: whether "keep both" makes sense
export interface AppointmentDoc {
  dwelling: Id;
  from_at: string;
  to_at: string;
  state: string;
  state_name: string;
  note: string;
}
export interface FormDoc {
  title: string;
  version: string;
  xml: string;
}
export interface NoticeDoc {
  version: string;
  lang: string;
  title: string;
  paragraphs: string[];
  purposes: Named[];
}
export interface Desk {
  desk: string;
  call: string[];
  vi: string;
  en: string;
}
export interface CodesDoc {
  outcomes: Named[];
  kinds: Named[];
  urgencies: Named[];
  channels: Named[];
  parts: Named[];
  door_kinds: Named[];
  best_times: Named[];
  needs: Named[];
  routed: { code: string; vi: string; go_to: Desk }[];
}
export interface GroundDoc {
  ward_name: string;
  outline: [number, number][][];
  areas: { name: string; outline: [number, number][][] }[];
} // [lat, lon]
export interface Docs {
  round: RoundDoc;
  turf: TurfDoc;
  door: DoorDoc;
  issue: IssueDoc;
  promise: PromiseDoc;
  conflict: ConflictDoc;
  appointment: AppointmentDoc;
  form: FormDoc;
  notice: NoticeDoc;
  codes: CodesDoc;
  ground: GroundDoc;
}
export type Kind = keyof Docs;
export interface Doc<K extends Kind = Kind> {
  kind: K;
  id: Id;
  digest: string;
  body: Docs[K];
}

// ---- items: what a phone sends, in order, through POST /api/field/outbox
export interface VisitItem {
  round: Id;
  dwelling: Id;
  outcome: Outcome;
  started_at: string;
  ended_at: string;
  come_back_at?: string;
  present?: Record<string, number>;
  notice_lang?: string;
  notice_version?: string;
  consents?: Record<string, boolean>;
  topics?: string[];
  note?: string;
}
export interface IssueItem {
  visit: Id;
  kind: string;
  words?: string;
  place?: string;
  urgency?: "ordinary" | "urgent";
  reply_by?: string;
  promised_on?: string;
  confidential?: boolean;
  answer?: string;
}
export interface Items {
  visit: VisitItem;
  issue: IssueItem;
  issue_verb: { issue: Id; verb: string; channel?: string; answer?: string; kind?: string };
  edit: { dwelling: Id; field: EditField; base: EditValue; value: EditValue };
  settle: { conflict: Id; keep: "a" | "b" | "both" };
  answers: { visit: Id; form: Id; version: string; xml: string };
  file: {
    subject_kind: "visit" | "issue";
    subject: Id;
    kind: "photo" | "voice" | "sketch";
    size: number;
    sha256: string;
  };
  appointment: { dwelling: Id; round: Id; from_at: string; to_at: string; note?: string };
}
export type ItemKind = keyof Items;
/**
 * `id` is a UUIDv7: the visit's, the issue's, the file's own id; the same again is the same thing. `n` is the phone's
 * own gapless count.
 */
export interface Item<K extends ItemKind = ItemKind> {
  n: number;
  kind: K;
  id: Id;
  at: string;
  body: Items[K];
}
export interface ItemResult {
  n: number;
  id: Id;
  status: "stored" | "same" | "conflict" | "refused" | "wait";
  code?: string;
  detail?: string;
  detail_en?: string;
  conflict?: { id: Id } & ConflictDoc;
  go_to?: Desk;
  look_again?: { kind: string; vi: string; go_to: Desk };
  warnings?: unknown[];
  server?: unknown;
}

// ---- what the screens see
export interface MemberCard {
  id: Id;
  name: string;
  unsent: number;
  lastAt: string | null;
  digits?: number;
} // digits of this member's PIN, where the ward rules otherwise by now
export interface Offer {
  id: Id;
  number: number;
  round: Id;
  round_name: string;
  area: string;
  team: string;
  group: number;
  priority: number;
  doors: number;
  done: number;
  length_m: number;
  minutes: number;
  mine: boolean;
  open: boolean;
} // open: its round has begun; before that a visit waits on the phone
/** What is being typed at a door; kept at every keystroke, sealed. One per door. */
export interface IssueDraft {
  id: Id;
  kind: string;
  words: string;
  place: string;
  urgency: "ordinary" | "urgent";
  reply_by: string;
  promised_on: string;
  confidential: boolean;
  answer: string;
}
export interface FileDraft {
  id: Id;
  kind: "photo" | "voice" | "sketch";
  mime: string;
  size: number;
  sha256: string;
  subject: Id;
  at: string;
}
/**
 * A questionnaire as it was when its first question was answered: the answers belong to that version, whatever the
 * round asks by then.
 */
export interface Asked extends FormDoc {
  id: Id;
}
export interface Draft {
  form?: Asked | null;
  id: Id;
  dwelling: Id;
  round: Id;
  outcome: Outcome | "";
  started_at: string;
  come_back_at: string;
  present: Record<string, number>;
  notice_lang: string;
  notice_version: string;
  consents: Record<string, boolean>;
  topics: string[];
  note: string;
  issues: IssueDraft[];
  files: FileDraft[];
  form_xml: string;
  edits: Partial<Record<EditField, EditValue>>;
  questions: string;
}
/**
 * An item that the server would not take as it was: what I typed, what the server says or has; it stays until somebody
 * decides.
 */
export interface Held {
  item: Item;
  result: ItemResult;
  heldAt: string;
}
export interface SyncState {
  online: boolean;
  busy: boolean;
  unsent: number;
  held: number;
  lastAt: string | null;
  error: { vi: string; en: string } | null;
  progress: { done: number; of: number } | null;
  storage: { used: number; quota: number; persisted: boolean } | null;
  skewMs: number;
}
export type Phase = "starting" | "none" | "locked" | "open" | "wiped" | "unsupported";
export interface Session extends EventTarget {
  // dispatches "change" whenever anything below changed
  readonly phase: Phase;
  readonly members: MemberCard[]; // whose vaults are on this phone
  readonly member: { id: Id; name: string; ward: string; demo: boolean } | null; // who is unlocked
  readonly signedIn: { id: Id; name: string } | null; // the browser's session, known only with a network
  readonly sync: SyncState;
  readonly pinRules: { digits: number; tries: number; idle_s: number };
  start(): Promise<void>;
  createVault(pin: string): Promise<void>; // needs signedIn: registers this phone for that member
  unlock(member: Id, pin: string): Promise<{ ok: true } | { ok: false; left: number; wiped: boolean; wait_s: number }>;
  changePin(old: string, next: string): Promise<boolean>;
  lock(): void;
  touched(): void; // somebody is there: the idle lock starts anew
  leave(): Promise<void>; // send what is left, then erase this member's vault; throws when something is unsent
  offers(): Promise<{ items: Offer[]; budget: { documents: number; turfs: number } }>; // needs a network
  choose(turfs: Id[]): Promise<void>; // what this phone carries from now on; syncs
  chosen(): Id[];
  syncNow(): Promise<void>;
  get<K extends Kind>(kind: K, id: Id): Docs[K] | null; // from memory, after unlocking
  all<K extends Kind>(kind: K): { id: Id; body: Docs[K] }[];
  // What this phone knows beyond the server's door; back: when to come again.
  localState(dwelling: Id): { outcome: Outcome; at: string; sent: boolean; visit: Id; back?: string } | null;
  draft(dwelling: Id): Draft | null;
  keep(draft: Draft): Promise<void>; // at every keystroke
  drop(dwelling: Id): Promise<void>;
  // Visit, then its issues, answers, files, edits: into the outbox in one transaction, and the draft is gone.
  finish(draft: Draft): Promise<void>;
  quick(dwelling: Id, outcome: Outcome, come_back_at?: string): Promise<void>; // one tap
  addFile(draft: Draft, kind: FileDraft["kind"], blob: Blob): Promise<FileDraft>;
  file(id: Id): Promise<Blob | null>;
  act<K extends "issue_verb" | "settle" | "edit" | "appointment">(kind: K, body: Items[K]): Promise<void>;
  readonly held: Held[];
  // Mine: sent again under a new id where that makes sense.
  resolve(held: Held, keep: "mine" | "theirs" | "both"): Promise<void>;
  readonly unsentItems: Item[];
  exportUnsent(): Promise<Blob>; // sealed file with everything unsent, for recovery on another device
  // Such a file of the same member: joins the queue; how many items came.
  importUnsent(file: Blob, pin: string): Promise<number>;
}
