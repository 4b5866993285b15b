/** The field app's session: whose vaults are on this phone, who has one open, and everything that person may do. */
import type { Id, Session } from "../casework/field/types";
import { Unreachable } from "../live/http";
import { DB_NAME, eraseVault, measured, openField, type Db, type RowStore } from "./db";
import { Desk, worthTelling } from "./desk";
import { isEmpty } from "./drafts";
import { Idle } from "./idle";
import { Orders } from "./orders";
import { SAYS, Told, type Said } from "./says";
import { ITERATIONS } from "./seal";
import { cardOf, register, renewed, shaped, stateOf, whoIsSignedIn, type SignedIn } from "./signin";
import { OpenVault } from "./store";
import { Tabs, type News } from "./tabs";
import { View } from "./view";
import { digitsOf, Vaults, type Card, type Opened } from "./vault";
import { Wire } from "./wire";

export interface Settings { name: string; iterations: number; fetch?: typeof fetch; timeoutMs?: number }
const NOWHERE = { id: 0, code: "", name: "" };
const LOOK_MS = 5 * 60_000, FRESH_MS = 30_000;

class FieldSession extends View implements Session {
  signedIn: SignedIn | null = null;
  private vaults!: Vaults;
  private orders!: Orders;
  private db: Db | null = null;
  private closing: Promise<unknown> = Promise.resolve();
  protected readonly wire: Wire;
  private readonly idle = new Idle(() => this.pinRules.idle_s, () => this.lock());
  private readonly tabs: Tabs;

  constructor(private readonly settings: Settings) {
    super();
    this.wire = new Wire(settings.fetch, settings.timeoutMs);
    this.tabs = new Tabs(settings.name, (news) => void this.heard(news));
  }

  async start(): Promise<void> {
    if (!this.db && !(await this.openStorage())) return;
    try {
      this.listed = await this.vaults.list();
    } catch {
      return this.unusable(SAYS.broken);
    }
    if (!this.desk) this.phase = this.listed.length ? "locked" : "none";
    this.changed();
    await this.look();
  }

  async createVault(pin: string): Promise<void> {
    const who = this.signedIn ?? (await whoIsSignedIn());
    if (!who) throw new Told(SAYS.noSession);
    await this.closing;
    await this.relist(); // what is on the disk now, not what was there when this page last looked
    const old = this.listed.find((l) => l.card.id === who.id);
    if (old?.unsent || old?.drafts) throw new Told(SAYS.hasVault);
    const got = (this.registered = this.registered?.member.id === who.id ? this.registered : await register(who));
    if (!shaped(pin, got.pin)) throw new Told(SAYS.pinShape); // the screen now knows this ward's rule
    this.registered = null;
    if (old) await eraseVault(this.db!, old.vault);
    const card = cardOf(got), opened = await this.vaults.create(card, pin);
    const vault = new OpenVault(this.db!, opened, (stores) => this.wrote(opened.vault, stores));
    vault.state = stateOf(got);
    await vault.saveState({});
    await this.sit(vault, card);
  }

  async unlock(member: Id, pin: string): Promise<{ ok: true } | { ok: false; left: number; wiped: boolean; wait_s: number }> {
    const chosen = this.listed.find((l) => l.card.id === member);
    if (!chosen) throw new Error("no such vault");
    const tried = await this.vaults.unlock(chosen.vault, pin);
    if (!tried.ok) {
      if (tried.wiped) await this.gone(chosen.vault, SAYS.wrongPins);
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
      if (changed.wiped) await this.gone(vault.vault, SAYS.wrongPins);
      return false;
    }
    vault.opened.pin = changed;
    await this.vaults.saveCard(vault.vault, (this.open.card = { ...this.open.card, digits: next.length }));
    return true;
  }

  /** What is being written goes on to the disk with the keys it began with; the memory of this page is emptied at once. */
  lock(): void {
    if (!this.desk) return;
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
    await eraseVault(this.db!, vault.vault);
    this.tabs.tell({ vault: vault.vault, stores: [] });
    await this.away();
  }

  async syncNow(): Promise<void> {
    this.notice = null;
    await (this.desk ? this.desk.sync.now() : this.look());
  }

  private async openStorage(): Promise<boolean> {
    try {
      if (typeof indexedDB === "undefined" || !globalThis.crypto?.subtle) throw new Error("no storage");
      this.db = await openField(this.settings.name, () => this.outdated());
      this.vaults = new Vaults(this.db, this.settings.iterations);
      this.orders = new Orders(this.db, this.wire);
    } catch {
      this.unusable(globalThis.isSecureContext === false ? SAYS.insecure : null);
      return false;
    }
    for (const name of ["pagehide", "visibilitychange"]) addEventListener(name, () => this.seen(), true);
    addEventListener("online", () => this.wake());
    addEventListener("offline", () => this.changed());
    setInterval(() => void this.look(), LOOK_MS);
    void this.measure();
    return true;
  }

  /** A newer page wants to change the database: this one writes what it has begun and goes on no more. */
  private outdated(): Promise<unknown> {
    this.stand();
    this.listed = [];
    this.unusable(SAYS.outdated);
    return this.closing;
  }

  private unusable(why: Said | null): void {
    this.phase = "unsupported";
    this.notice = why;
    this.changed();
  }

  private async enter(opened: Opened, card: Card): Promise<void> {
    await this.closing; // what was being written when it was locked
    const vault = new OpenVault(this.db!, opened, (stores) => this.wrote(opened.vault, stores));
    await vault.load();
    vault.state ??= { token: "", chosen: [], before: null, budget: { documents: 0, turfs: 0 }, ward: NOWHERE, skewMs: 0, lastAt: null, pin: card.pin }; // lost: the next renewal gives it back
    await this.sit(vault, card);
  }

  private async sit(vault: OpenVault, card: Card): Promise<void> {
    this.stand();
    this.notice = null;
    this.desk = new Desk(vault, card, {
      wire: this.wire, alone: (work) => this.tabs.alone(`${this.settings.name}/${vault.vault}`, work), ordered: () => this.ordered(vault.vault, this.desk?.card.device ?? card.device),
      renew: () => this.renew(vault, card), synced: (at) => this.synced(vault, at), changed: () => this.changed(),
      answered: (results) => results.some(worthTelling) && this.dispatchEvent(new CustomEvent("answered", { detail: results.filter(worthTelling) })),
    });
    await this.desk.files.sweep();
    await this.relist();
    this.phase = "open";
    this.idle.start();
    this.changed();
    void navigator.storage?.persist?.().then(() => this.measure());
    void this.desk.sync.now();
  }

  private stand(): void {
    this.idle.stop();
    this.desk?.sync.stop();
    if (this.desk) this.closing = Promise.allSettled([this.desk.drafts.flush(), this.desk.vault.inTurn(async () => undefined)]);
    this.desk = null;
  }

  private async gone(vault: string, why: Said): Promise<void> {
    this.tabs.tell({ vault, stores: [] });
    if (this.desk && this.desk.vault.vault !== vault) return this.relist(); // somebody else is at work
    this.stand();
    this.notice = why;
    await this.relist();
    this.phase = "wiped";
    this.changed();
  }

  private async away(): Promise<void> {
    this.stand();
    await this.relist();
    this.phase = this.listed.length ? "locked" : "none";
    this.changed();
  }

  private async relist(): Promise<void> {
    this.listed = await this.vaults.list().catch(() => this.listed); // what was known, when the storage fails just now
    this.changed();
  }

  /** Is this vault to be erased? If so it is, and the ward is told. */
  private async ordered(vault: string, device: string): Promise<boolean> {
    if (!(await this.orders.wipe(device))) return false;
    const unsent = this.members.find((_, i) => this.listed[i]!.vault === vault)?.unsent ?? 0;
    if (this.desk?.vault.vault === vault) this.stand();
    await this.orders.obey(vault, device, unsent);
    await this.gone(vault, SAYS.ordered);
    return true;
  }

  private async renew(vault: OpenVault, card: Card): Promise<void> {
    const { got, anew } = await renewed(card, (who) => (this.signedIn = who));
    await vault.saveState({ token: got.token, budget: got.budget, pin: got.pin, ward: stateOf(got).ward });
    if (!anew || this.desk?.vault !== vault) return;
    await this.vaults.saveCard(vault.vault, (this.desk.card = { ...this.desk.card, device: got.device }));
    await this.desk.queue.renumber(1);
  }

  private async synced(vault: OpenVault, at: string): Promise<void> {
    await vault.saveState({ lastAt: at });
    if (this.desk?.vault !== vault) return;
    await this.vaults.saveCard(vault.vault, (this.desk.card = { ...this.desk.card, lastAt: at, pin: vault.state.pin, digits: digitsOf(this.desk.card) }));
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
    if (!this.db || desk?.vault.vault !== news.vault) return this.db ? this.relist() : undefined;
    if (!news.stores.length) return this.away(); // erased in another tab
    const { vault, drafts } = desk, others = news.stores.filter((s) => s !== "drafts");
    if (others.length) await vault.inTurn(() => vault.load(others));
    if (news.stores.includes("drafts")) await drafts.reload();
    this.changed();
  }

  private async measure(): Promise<void> {
    this.storage = await measured();
    this.changed();
  }
}

/** `settings` is for tests only: the app opens it without. */
export function openSession(settings: Partial<Settings> = {}): Session & { importUnsent(file: Blob, pin: string): Promise<number> } {
  return new FieldSession({ name: DB_NAME, iterations: ITERATIONS, ...settings });
}
