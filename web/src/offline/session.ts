/** The field app's session: whose vaults are on this phone, who has one open, and everything that person may do. */
import type { Docs, Draft, FileDraft, Held, Id, Item, Items, Kind, MemberCard, Offer, Outcome, Phase, Session, SyncState } from "../casework/field/types";
import { Unreachable } from "../live/http";
import { DB_NAME, eraseVault, openField, type Db, type RowStore } from "./db";
import { Desk, worthTelling, type Acting } from "./desk";
import { isEmpty } from "./drafts";
import { exportUnsent, importUnsent } from "./export";
import { Idle } from "./idle";
import { Orders } from "./orders";
import { SAYS, Told, type Said } from "./says";
import { ITERATIONS } from "./seal";
import { cardOf, register, whoIsSignedIn, type Registered, type SignedIn } from "./signin";
import { OpenVault, type State } from "./store";
import { Tabs, type News } from "./tabs";
import { Vaults, type Card, type Listed, type Opened, type PinRules } from "./vault";
import { Wire } from "./wire";

export interface Settings { name: string; iterations: number; fetch?: typeof fetch; timeoutMs?: number }
const PIN: PinRules = { digits: 6, tries: 10, idle_s: 300 }; // until the ward has said; the same as its first policy
const LOOK_MS = 5 * 60_000, FRESH_MS = 30_000;

class FieldSession extends EventTarget implements Session {
  phase: Phase = "starting";
  signedIn: SignedIn | null = null;
  private listed: Listed[] = [];
  private desk: Desk | null = null;
  private notice: Said | null = null; // what is to be told while no vault is open, or beside it
  private registered: Registered | null = null; // at the ward already, waiting for a PIN of the right shape
  private storage: SyncState["storage"] = null;
  private vaults!: Vaults;
  private orders!: Orders;
  private db: Db | null = null;
  private reachable = navigator.onLine;
  private readonly wire: Wire;
  private readonly idle = new Idle(() => this.pinRules.idle_s, () => this.lock());
  private readonly tabs: Tabs;

  constructor(private readonly settings: Settings) {
    super();
    this.wire = new Wire(settings.fetch, settings.timeoutMs);
    this.tabs = new Tabs(settings.name, (news) => void this.heard(news));
  }

  // ---- opening and closing
  async start(): Promise<void> {
    if (!this.db && !(await this.openStorage())) return;
    this.listed = await this.vaults.list();
    if (!this.desk) this.phase = this.listed.length ? "locked" : "none";
    this.changed();
    await this.look();
  }

  async createVault(pin: string): Promise<void> {
    const who = this.signedIn ?? (await whoIsSignedIn());
    if (!who) throw new Told(SAYS.noSession);
    const old = this.listed.find((l) => l.card.id === who.id);
    if (old?.unsent) throw new Told(SAYS.hasVault);
    const got = (this.registered = this.registered?.member.id === who.id ? this.registered : await register(who));
    if (!shaped(pin, got.pin)) throw new Told(SAYS.pinShape); // the screen now knows this ward's rule
    this.registered = null;
    if (old) await eraseVault(this.db!, old.vault);
    const card = cardOf(got), opened = await this.vaults.create(card, pin);
    const vault = new OpenVault(this.db!, opened, (stores) => this.wrote(opened.vault, stores));
    vault.state = stateOf(got);
    await vault.saveState({});
    await this.sit(vault, card);
    void navigator.storage?.persist?.().then(() => this.measure());
  }

  async unlock(member: Id, pin: string): Promise<{ ok: true } | { ok: false; left: number; wiped: boolean; wait_s: number }> {
    const chosen = this.listed.find((l) => l.card.id === member);
    if (!chosen) throw new Error("no such vault");
    const tried = await this.vaults.unlock(chosen.vault, pin);
    if (!tried.ok) {
      if (tried.wiped) await this.gone(SAYS.wrongPins);
      return tried;
    }
    await this.enter(tried.opened, chosen.card);
    return { ok: true };
  }

  async changePin(old: string, next: string): Promise<boolean> {
    const { vault } = this.open;
    if (!shaped(next, this.pinRules)) throw new Told(SAYS.pinShape);
    const changed = await this.vaults.changePin(vault.vault, old, next);
    if ("ok" in changed) {
      if (changed.wiped) await this.gone(SAYS.wrongPins);
      return false;
    }
    vault.opened.pin = changed;
    return true;
  }

  /** What is being written goes on to the disk with the keys it began with; the memory of this page is emptied at once. */
  lock(): void {
    if (!this.desk) return;
    void this.desk.drafts.flush().catch(() => undefined);
    this.stand();
    this.phase = "locked";
    void this.relist();
  }

  touched(): void {
    this.idle.touched();
  }

  async leave(): Promise<void> {
    const { vault, sync, card } = this.open;
    await sync.now(false);
    if (vault.queue.length || vault.held.length || [...vault.drafts.values()].some((k) => !isEmpty(k.draft))) throw new Told(SAYS.unsent);
    await this.wire.call("POST", `/field/devices/${card.device}/retire`, { body: {}, token: vault.state.token, device: card.device }).catch(() => undefined);
    this.stand();
    await eraseVault(this.db!, vault.vault);
    await this.relist();
    this.phase = this.listed.length ? "locked" : "none";
    this.changed();
  }

  // ---- what the screens see
  get members(): MemberCard[] {
    return this.listed.map(({ vault, card, unsent }) => ({ id: card.id, name: card.name, unsent: this.desk?.vault.vault === vault ? this.desk.unsent : unsent, lastAt: card.lastAt }));
  }

  get member() {
    const card = this.desk?.card;
    return card ? { id: card.id, name: card.name, ward: card.ward, demo: card.demo } : null;
  }

  get pinRules(): PinRules {
    return this.desk?.card.pin ?? this.registered?.pin ?? this.listed[0]?.card.pin ?? PIN;
  }

  get sync(): SyncState {
    const { sync, vault, drafts } = this.desk ?? {};
    return {
      online: sync ? sync.online : this.reachable, busy: sync?.busy ?? false, unsent: vault?.queue.length ?? 0, held: vault?.held.length ?? 0,
      lastAt: vault?.state.lastAt ?? null, error: drafts?.failed ? SAYS.notKept : this.notice ?? sync?.error ?? null,
      progress: sync?.progress ?? null, storage: this.storage, skewMs: vault?.state.skewMs ?? 0,
    };
  }

  get held(): Held[] {
    return this.desk?.vault.held ?? [];
  }

  get unsentItems(): Item[] {
    return this.desk?.vault.queue ?? [];
  }

  get<K extends Kind>(kind: K, id: Id): Docs[K] | null {
    return this.desk?.get(kind, id) ?? null;
  }

  all<K extends Kind>(kind: K): { id: Id; body: Docs[K] }[] {
    return this.desk?.all(kind) ?? [];
  }

  localState(dwelling: Id): { outcome: Outcome; at: string; sent: boolean; visit: Id } | null {
    const visit = this.desk?.vault.local.get(dwelling)?.visit;
    return visit ? { outcome: visit.outcome, at: visit.at, sent: visit.sent, visit: visit.id } : null;
  }

  draft(dwelling: Id): Draft | null {
    return this.desk?.drafts.get(dwelling) ?? null;
  }

  chosen(): Id[] {
    return this.desk?.vault.state.chosen ?? [];
  }

  // ---- what people do
  async keep(draft: Draft): Promise<void> {
    await this.open.drafts.keep(draft).catch(() => this.changed()); // it stays in memory, is tried again, and the screen says so
  }

  async drop(dwelling: Id): Promise<void> {
    await this.open.drafts.drop(dwelling).catch(() => this.changed());
  }

  finish(draft: Draft): Promise<void> {
    return this.open.finish(draft);
  }

  quick(dwelling: Id, outcome: Outcome, come_back_at?: string): Promise<void> {
    return this.open.quick(dwelling, outcome, come_back_at);
  }

  addFile(draft: Draft, kind: FileDraft["kind"], blob: Blob): Promise<FileDraft> {
    return this.open.addFile(draft, kind, blob);
  }

  async file(id: Id): Promise<Blob | null> {
    return this.open.files.get(id);
  }

  act<K extends Acting>(kind: K, body: Items[K]): Promise<void> {
    return this.open.act(kind, body);
  }

  async resolve(held: Held, keep: "mine" | "theirs" | "both"): Promise<void> {
    const { sync } = this.open;
    await this.open.held.resolve(held, keep);
    void sync.now(false);
  }

  exportUnsent(): Promise<Blob> {
    return exportUnsent(this.open);
  }

  /** The office's half of a recovery: what another phone could not send, into this member's queue. */
  async importUnsent(file: Blob, pin: string): Promise<number> {
    const came = await importUnsent(this.open, file, pin);
    void this.open.sync.now(false);
    return came;
  }

  async offers(): Promise<{ items: Offer[]; budget: { documents: number; turfs: number } }> {
    const { vault, card } = this.open;
    return this.wire.call("GET", "/field/turfs", { token: vault.state.token, device: card.device });
  }

  /** From now on this phone carries these. Throws, and keeps the old list, when the ward says no or cannot be reached. */
  async choose(turfs: Id[]): Promise<void> {
    const { vault, sync } = this.open;
    await vault.saveState({ chosen: turfs, before: vault.state.before ?? vault.state.chosen });
    await sync.now();
    if (sync.unchosen) throw sync.unchosen;
  }

  async syncNow(): Promise<void> {
    this.notice = null;
    await (this.desk ? this.desk.sync.now() : this.look());
  }

  // ---- within
  private get open(): Desk {
    if (!this.desk) throw new Told(SAYS.locked);
    return this.desk;
  }

  private async openStorage(): Promise<boolean> {
    try {
      if (typeof indexedDB === "undefined" || !globalThis.crypto?.subtle) throw new Error("no storage");
      this.db = await openField(this.settings.name, () => this.outdated());
      this.vaults = new Vaults(this.db, this.settings.iterations);
      this.orders = new Orders(this.db, this.wire);
    } catch {
      this.phase = "unsupported";
      this.changed();
      return false;
    }
    for (const name of ["pagehide", "visibilitychange"]) addEventListener(name, () => this.seen(), true);
    addEventListener("online", () => this.wake());
    addEventListener("offline", () => this.changed());
    setInterval(() => void this.look(), LOOK_MS);
    void this.measure();
    return true;
  }

  /** A newer page wants to change the database: this one must not go on with the old layout. */
  private outdated(): void {
    this.lock();
    this.phase = "unsupported";
    this.notice = SAYS.outdated;
    this.changed();
  }

  private async enter(opened: Opened, card: Card): Promise<void> {
    const vault = new OpenVault(this.db!, opened, (stores) => this.wrote(opened.vault, stores));
    await vault.load();
    if (!vault.state) throw new Told(SAYS.damaged);
    await this.sit(vault, card);
  }

  private async sit(vault: OpenVault, card: Card): Promise<void> {
    this.stand();
    this.notice = null;
    this.desk = new Desk(vault, card, {
      wire: this.wire, alone: (work) => this.tabs.alone(`${this.settings.name}/${vault.vault}`, work), ordered: () => this.ordered(vault.vault, card.device),
      renew: () => this.renew(vault, card), synced: (at) => this.synced(vault, at), changed: () => this.changed(),
      answered: (results) => results.some(worthTelling) && this.dispatchEvent(new CustomEvent("answered", { detail: results.filter(worthTelling) })),
    });
    await this.desk.files.sweep();
    await this.relist();
    this.phase = "open";
    this.idle.start();
    this.changed();
    void this.desk.sync.now();
  }

  private stand(): void {
    this.idle.stop();
    this.desk?.sync.stop();
    this.desk = null;
  }

  private async gone(why: Said): Promise<void> {
    this.stand();
    this.notice = why;
    await this.relist();
    this.phase = "wiped";
    this.changed();
  }

  private async relist(): Promise<void> {
    this.listed = await this.vaults.list();
    this.changed();
  }

  /** Is this vault to be erased? If so it is, and the ward is told. */
  private async ordered(vault: string, device: string): Promise<boolean> {
    if (!(await this.orders.wipe(device))) return false;
    const unsent = this.members.find((_, i) => this.listed[i]!.vault === vault)?.unsent ?? 0;
    if (this.desk?.vault.vault === vault) this.stand();
    await this.orders.obey(vault, device, unsent);
    await this.gone(SAYS.ordered);
    return true;
  }

  private async renew(vault: OpenVault, card: Card): Promise<void> {
    const who = await whoIsSignedIn();
    this.signedIn = who;
    if (!who) throw new Told(SAYS.signIn);
    if (who.id !== card.id) throw new Told(SAYS.other);
    const got = await register(who, card.device);
    await vault.saveState({ token: got.token, budget: got.budget, pin: got.pin });
  }

  private async synced(vault: OpenVault, at: string): Promise<void> {
    await vault.saveState({ lastAt: at });
    const card = { ...this.desk!.card, lastAt: at, pin: vault.state.pin };
    if (this.desk?.vault === vault) this.desk.card = card;
    await this.vaults.saveCard(vault.vault, card);
    this.notice = null;
    void this.measure();
  }

  /** Who is signed in, and – also for vaults that are locked – whether the ward wants one erased. */
  private async look(): Promise<void> {
    try {
      await this.orders.report();
      for (const { vault, card } of this.listed) if (vault !== this.desk?.vault.vault) await this.ordered(vault, card.device);
      this.signedIn = await whoIsSignedIn();
      this.reachable = true;
    } catch (error) {
      this.reachable = !(error instanceof Unreachable) && navigator.onLine;
    }
    this.changed();
  }

  private seen(): void {
    if (this.desk) void this.desk.drafts.flush().catch(() => undefined);
    if (document.visibilityState === "hidden") return;
    if (this.desk) this.idle.look();
    this.wake(FRESH_MS);
  }

  private wake(fresh = 0): void {
    const last = Date.parse(this.desk?.vault.state.lastAt ?? "") || 0;
    if (!this.desk) void this.look();
    else if (this.desk.vault.queue.length || Math.abs(Date.now() - last) >= fresh) void this.desk.sync.now();
  }

  private wrote(vault: string, stores: RowStore[]): void {
    this.tabs.tell({ vault, stores });
    if (stores.some((s) => s !== "drafts")) this.changed(); // not at every keystroke
  }

  private async heard(news: News): Promise<void> {
    const desk = this.desk;
    if (desk?.vault.vault !== news.vault) return this.db ? this.relist() : undefined;
    const { vault, drafts } = desk, others = news.stores.filter((s) => s !== "drafts");
    if (others.length) await vault.inTurn(() => vault.load(others));
    if (news.stores.includes("drafts")) await drafts.reload();
    this.changed();
  }

  private async measure(): Promise<void> {
    const [estimate, persisted] = await Promise.all([navigator.storage?.estimate?.(), navigator.storage?.persisted?.()]).catch(() => [undefined, undefined]);
    if (estimate) this.storage = { used: estimate.usage ?? 0, quota: estimate.quota ?? 0, persisted: persisted ?? false };
    this.changed();
  }

  private changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}

function shaped(pin: string, rules: PinRules): boolean {
  return new RegExp(`^\\d{${rules.digits}}$`).test(pin);
}

function stateOf(r: Registered): State {
  return {
    token: r.token, chosen: [], before: null, budget: r.budget, ward: { id: r.ward_id, code: r.ward_code, name: r.ward_name },
    skewMs: Date.parse(r.server_time) - Date.now(), lastAt: null, pin: r.pin,
  };
}

/** `settings` is for tests only: the app opens it without. */
export function openSession(settings: Partial<Settings> = {}): Session & { importUnsent(file: Blob, pin: string): Promise<number> } {
  return new FieldSession({ name: DB_NAME, iterations: ITERATIONS, ...settings });
}
