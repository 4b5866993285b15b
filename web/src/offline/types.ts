/**
 * What the phone's engine works on, of whatever noun: documents that it carries, items that it sends, what is being
 * typed, and what was not taken as it was. The spellings are those of the wire and of the phones that are out.
 */
export type Id = string;

/** A code and its words. */
export interface Named {
  code: string;
  vi: string;
  en?: string;
}

/** kind/id → body, as POST /api/field/sync hands them out. */
export interface Doc<K extends string = string, B extends object = object> {
  kind: K;
  id: Id;
  digest: string;
  body: B;
}

/**
 * What a phone sends, in order, through POST /api/field/outbox. `id` is a UUIDv7: the same again is the same thing. `n`
 * is the phone's own gapless count.
 */
export interface Item<K extends string = string, B extends object = object> {
  n: number;
  kind: K;
  id: Id;
  at: string;
  body: B;
}
/** An item that has no number yet. */
export type Fresh<K extends string = string, B extends object = object> = Omit<Item<K, B>, "n">;

/** What an item's body says of a file that was sent in parts before it. */
export interface FileBody {
  kind: string;
  size: number;
  sha256: string;
}

/** Two values for one thing: a is what the register has, b what arrived. */
export interface Card {
  id: Id;
  a: unknown;
  b: unknown;
}
export type Keep = "mine" | "theirs" | "both";

/** What the server said about one item. */
export interface ItemResult {
  n: number;
  id: Id;
  status: "stored" | "same" | "conflict" | "refused" | "wait";
  code?: string;
  detail?: string;
  detail_en?: string;
  conflict?: Card;
  server?: unknown;
}
/**
 * An item that the server would not take as it was: what I typed, what the server says or has; it stays until somebody
 * decides.
 */
export interface Held<I extends Item = Item, R extends ItemResult = ItemResult> {
  item: I;
  result: R;
  heldAt: string;
}

export interface FileDraft<K extends string = string> {
  id: Id;
  kind: K;
  mime: string;
  size: number;
  sha256: string;
  subject: Id;
  at: string;
}
/** What is being typed at a place; kept at every keystroke, sealed. One per place; what else it has, the nouns say. */
export interface Draft {
  id: Id;
  files: FileDraft[];
}

// ---- what the screens see
export interface MemberCard {
  id: Id;
  name: string;
  unsent: number;
  lastAt: string | null;
  digits?: number; // of this member's PIN, where the ward rules otherwise by now
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
export interface Budget {
  documents: number;
  turfs: number;
}

/** The types of what a list of nouns brings, so that screens are told what they are handed. */
export interface Shapes {
  docs: object; // kind → body
  items: object; // kind → body
  claims: object; // slot → what it keeps
  draft: Draft;
  result: ItemResult;
  offer: { id: Id };
}
export type Key<O extends object> = keyof O & string;
/** An item of the kinds that S has; its body is that kind's once the kind is named. */
export type ItemOf<S extends Shapes, K extends Key<S["items"]> = Key<S["items"]>> = Item<K, S["items"][K] & object>;
export type HeldOf<S extends Shapes> = Held<ItemOf<S>, S["result"]>;
export type FileOf<S extends Shapes> = S["draft"]["files"][number];

export interface Session<S extends Shapes> extends EventTarget {
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
  offers(): Promise<{ items: S["offer"][]; budget: Budget }>; // what may be chosen; needs a network
  choose(chosen: Id[]): Promise<void>; // what this phone carries from now on; syncs
  chosen(): Id[];
  syncNow(): Promise<void>;
  get<K extends Key<S["docs"]>>(kind: K, id: Id): S["docs"][K] | null; // from memory, after unlocking
  all<K extends Key<S["docs"]>>(kind: K): { id: Id; body: S["docs"][K] }[];
  /** What this phone knows of a place beyond the server's documents; null: nothing. */
  claim<C extends Key<S["claims"]>>(slot: C, place: Id): S["claims"][C] | null;
  draft(place: Id): S["draft"] | null;
  keep(draft: S["draft"]): Promise<void>; // at every keystroke
  drop(place: Id): Promise<void>;
  /** All that was typed at a place: into the outbox in one transaction, and the draft is gone. */
  finish(draft: S["draft"]): Promise<void>;
  addFile(draft: S["draft"], kind: FileOf<S>["kind"], blob: Blob): Promise<FileOf<S>>;
  file(id: Id): Promise<Blob | null>;
  act<K extends Key<S["items"]>>(kind: K, body: S["items"][K]): Promise<void>; // something else that is sent
  readonly held: HeldOf<S>[];
  resolve(held: HeldOf<S>, keep: Keep): Promise<void>; // mine: sent again under a new id where that makes sense
  readonly unsentItems: ItemOf<S>[];
  exportUnsent(): Promise<Blob>; // sealed file with everything unsent, for recovery on another device
  /** Such a file of the same member: joins the queue; how many items came. */
  importUnsent(file: Blob, pin: string): Promise<number>;
}
