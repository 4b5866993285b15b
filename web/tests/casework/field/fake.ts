/** A session without storage or network: documents in memory, and a record of what the screens asked for. */
import { ground } from "../../../src/casework/field/context";
import type {
  Doc,
  Docs,
  Draft,
  Field,
  FileDraft,
  Held,
  Id,
  Item,
  ItemKind,
  Items,
  Kind,
  MemberCard,
  Offer,
  Outcome,
  Phase,
  Session,
  SyncState,
} from "../../../src/casework/field/types";
import { newId } from "../../../src/kernel/ids";

export const ROUND = "01900000-0000-7000-8000-00000000000a";
export const TURF = "01900000-0000-7000-8000-00000000000b";
export const door = (n: number): Id => `01900000-0000-7000-8000-0000000001${String(n).padStart(2, "0")}`;

export function doorDoc(n: number, more: Partial<Docs["door"]> = {}): Docs["door"] {
  return {
    turf: TURF,
    round: ROUND,
    place: n,
    address: `${n} Đường Huỳnh Văn Lũy`,
    number: String(n),
    way: "Đường Huỳnh Văn Lũy",
    group: "Tổ 5",
    kind: "house",
    lat: 11.09 + n / 10_000,
    lon: 106.8,
    households: 1,
    active: true,
    first: false,
    state: "not_yet",
    not_home: 0,
    come_back_at: null,
    landmark: "",
    access_note: "",
    best_time: "",
    occupants: null,
    facts: {},
    slip: { code: "7K3M9QXA", url: "/hen/7K3M9QXA" },
    ...more,
  };
}

const NAMED = (...codes: string[]) => codes.map((code) => ({ code, vi: `Vi ${code}`, en: `en ${code}` }));
export const CODES: Docs["codes"] = {
  outcomes: NAMED("met", "not_home", "come_back", "refused", "vacant", "moved"),
  kinds: NAMED("request", "report", "procedure", "conflict", "need", "praise"),
  urgencies: NAMED("ordinary", "urgent"),
  channels: NAMED("visit", "phone", "zalo", "letter", "meeting"),
  parts: NAMED("police", "front", "khu_pho"),
  door_kinds: NAMED("house", "room"),
  best_times: NAMED("morning", "evening"),
  needs: NAMED("loan", "papers"),
  routed: [
    {
      code: "domestic_violence",
      vi: "bạo lực gia đình",
      go_to: { desk: "police", call: ["113"], vi: "Không hòa giải. Gọi 113.", en: "Never mediate. Call 113." },
    },
  ],
};

/** A round of one turf with so many doors, as a phone carries it. */
export function ward(doors = 3): Doc[] {
  const doc = <K extends Kind>(kind: K, id: Id, body: Docs[K]): Doc => ({ kind, id, digest: "", body });
  return [
    doc("round", ROUND, {
      name: "Đợt 1",
      purpose: "",
      from_on: "2026-11-01",
      to_on: "2026-11-30",
      state: "open",
      topics: [{ code: "fire", vi: "Phòng cháy", en: "Fire safety" }],
      form: null,
    }),
    doc("turf", TURF, {
      round: ROUND,
      number: 1,
      group: 1,
      area: "Khu phố 2",
      team: "Tổ 2",
      team_parts: { police: 1, front: 2 },
      priority: 2,
      length_m: 800,
      minutes: 90,
    }),
    doc("notice", newId(), {
      version: "1",
      lang: "vi",
      title: "Thông báo",
      paragraphs: ["Chúng tôi ghi điều ông bà nói."],
      purposes: NAMED("call_back", "zalo"),
    }),
    doc("codes", newId(), CODES),
    ...Array.from({ length: doors }, (_, i) => doc("door", door(i + 1), doorDoc(i + 1))),
  ];
}

export class FakeSession extends EventTarget implements Session {
  phase: Phase = "open";
  members: MemberCard[] = [];
  member: Session["member"] = { id: newId(), name: "Trần Thị Mẫu", ward: "Phường Tân Uyên", demo: true };
  signedIn: Session["signedIn"] = null;
  sync: SyncState = {
    online: true,
    busy: false,
    unsent: 0,
    held: 0,
    lastAt: "2026-11-25T05:03:00Z",
    error: null,
    progress: null,
    storage: null,
    skewMs: 0,
  };
  pinRules = { digits: 6, tries: 10, idle_s: 300 };
  held: Held[] = [];
  unsentItems: Item[] = [];
  docs = ward();
  drafts = new Map<Id, Draft>();
  finished: Draft[] = [];
  acted: { kind: string; body: unknown }[] = [];
  asked: [string, ...unknown[]][] = [];
  turfs: Id[] = [TURF];
  offered: { items: Offer[]; budget: { documents: number; turfs: number } } = {
    items: [],
    budget: { documents: 2000, turfs: 3 },
  };
  pin = "482915";
  left = 10;
  refuse: unknown = null;

  changed(): void {
    this.dispatchEvent(new Event("change"));
  }

  private note(name: string, ...given: unknown[]): void {
    this.asked.push([name, ...given]);
  }

  async start(): Promise<void> {}
  async createVault(pin: string): Promise<void> {
    this.note("createVault", pin);
    this.phase = "open";
    this.changed();
  }
  async unlock(member: Id, pin: string) {
    this.note("unlock", member);
    if (pin === this.pin) {
      this.phase = "open";
      this.changed();
      return { ok: true } as const;
    }
    this.left -= 1;
    return { ok: false, left: this.left, wiped: this.left <= 0, wait_s: 0 } as const;
  }
  async changePin(old: string, next: string): Promise<boolean> {
    this.note("changePin", next);
    return old === this.pin;
  }
  lock(): void {
    this.phase = "locked";
    this.changed();
  }
  touched(): void {}
  async leave(): Promise<void> {
    this.note("leave");
    if (this.refuse) throw this.refuse;
  }
  async offers() {
    if (this.refuse) throw this.refuse;
    return this.offered;
  }
  async choose(turfs: Id[]): Promise<void> {
    if (this.refuse) throw this.refuse;
    this.turfs = turfs;
    this.note("choose", turfs);
  }
  chosen(): Id[] {
    return this.turfs;
  }
  async syncNow(): Promise<void> {
    this.note("syncNow");
  }
  get<K extends Kind>(kind: K, id: Id): Docs[K] | null {
    return (this.docs.find((d) => d.kind === kind && d.id === id)?.body ?? null) as Docs[K] | null;
  }
  all<K extends Kind>(kind: K): { id: Id; body: Docs[K] }[] {
    return this.docs.filter((d) => d.kind === kind).map(({ id, body }) => ({ id, body: body as Docs[K] }));
  }
  claim<C extends "visit" | "edits">(slot: C, dwelling: Id) {
    const visit = slot === "visit" ? this.finished.findLast((d) => d.dwelling === dwelling) : undefined;
    return (visit ? { outcome: visit.outcome as Outcome, at: visit.started_at, sent: false, id: visit.id } : null) as
      Field["claims"][C] | null;
  }
  draft(dwelling: Id): Draft | null {
    return this.drafts.get(dwelling) ?? null;
  }
  async keep(draft: Draft): Promise<void> {
    this.drafts.set(draft.dwelling, structuredClone(draft));
    this.changed();
  }
  async drop(dwelling: Id): Promise<void> {
    this.drafts.delete(dwelling);
    this.changed();
  }
  async finish(draft: Draft): Promise<void> {
    if (this.refuse) throw this.refuse;
    this.finished.push(structuredClone(draft));
    this.drafts.delete(draft.dwelling);
    this.changed();
  }
  async addFile(draft: Draft, kind: FileDraft["kind"], blob: Blob): Promise<FileDraft> {
    return { id: newId(), kind, mime: blob.type, size: blob.size, sha256: "", subject: draft.id, at: "" };
  }
  async file(): Promise<Blob | null> {
    return null;
  }
  async act<K extends ItemKind>(kind: K, body: Items[K]): Promise<void> {
    this.acted.push({ kind, body });
    this.unsentItems = [
      ...this.unsentItems,
      { n: this.unsentItems.length + 1, kind, id: newId(), at: new Date().toISOString(), body },
    ];
    this.changed();
  }
  async resolve(held: Held, keep: "mine" | "theirs" | "both"): Promise<void> {
    this.note("resolve", keep);
    this.held = this.held.filter((h) => h !== held);
    this.changed();
  }
  async exportUnsent(): Promise<Blob> {
    return new Blob(["x"]);
  }
  async importUnsent(_file: Blob, pin: string): Promise<number> {
    if (pin !== "135790") throw new Error("not this PIN");
    this.note("importUnsent", pin);
    return 3;
  }
}

export function session(): FakeSession {
  const fake = new FakeSession();
  ground.use(fake, "vi");
  return fake;
}

/** The button (or other element) that says this. */
export function button(root: Element, words: string): HTMLElement {
  const found = [...root.querySelectorAll<HTMLElement>("button, a, summary, label")].find((b) =>
    (b.textContent ?? "").replace(/\s+/g, " ").includes(words),
  );
  if (!found)
    throw new Error(`no button "${words}" in: ${(root.textContent ?? "").replace(/\s+/g, " ").slice(0, 600)}`);
  return found;
}
export const settle = async (root: Element) => {
  for (let i = 0; i < 4; i++) {
    await new Promise((done) => setTimeout(done, 0));
    for (const element of [root, ...root.querySelectorAll("*")])
      await (element as unknown as { updateComplete?: Promise<unknown> }).updateComplete;
  }
};
export function type(field: Element | null, words: string): void {
  (field as HTMLTextAreaElement).value = words;
  field!.dispatchEvent(new Event("input", { bubbles: true }));
}
