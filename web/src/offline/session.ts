/** The field app's session: whose vaults are on this phone, who has one open, and everything that person may do. */
import { DB_NAME, eraseVault, type RowStore } from "./db";
import { Desk } from "./desk";
import { Idle } from "./idle";
import type { Kinds } from "./kinds";
import { Phone, type Settings } from "./phone";
import { SAYS, Told, waitFirst } from "./says";
import { ITERATIONS } from "./seal";
import { cardOf, register, renewed, shaped, stateOf, whoIsSignedIn } from "./signin";
import { OpenVault } from "./store";
import type { News } from "./tabs";
import type { Id, Session, Shapes } from "./types";
import { digitsOf, type Card, type Opened } from "./vault";

const NOWHERE = { id: 0, code: "", name: "" };
const FRESH_MS = 30_000;

class FieldSession<S extends Shapes> extends Phone<S> implements Session<S> {
  private readonly idle = new Idle(
    () => this.pinRules.idle_s,
    () => this.lock(),
  );

  async createVault(pin: string): Promise<void> {
    const who = this.signedIn ?? (await whoIsSignedIn());
    if (!who) throw new Told(SAYS.noSession);
    await this.closing;
    await this.relist(); // what is on the disk now, not what was there when this page last looked
    const old = this.listed.find((l) => l.card.id === who.id);
    if (old?.unsent || old?.drafts) throw new Told(SAYS.hasVault);
    const got = this.registered?.member.id === who.id ? this.registered : await register(who);
    this.registered = got;
    if (!shaped(pin, got.pin)) throw new Told(SAYS.pinShape); // the screen now knows this ward's rule
    this.registered = null;
    if (old) await eraseVault(this.db!, old.vault);
    const card = cardOf(got);
    const opened = await this.vaults.create(card, pin);
    const vault = new OpenVault(this.db!, opened, this.kinds, (stores) => this.wrote(opened.vault, stores));
    vault.state = stateOf(got);
    await vault.saveState({});
    await this.sit(vault, card);
  }

  async unlock(
    member: Id,
    pin: string,
  ): Promise<{ ok: true } | { ok: false; left: number; wiped: boolean; wait_s: number }> {
    const chosen = this.listed.find((l) => l.card.id === member);
    if (!chosen) throw new Error("no such vault");
    const tried = await this.vaults.unlock(chosen.vault, pin);
    if (!tried.ok) {
      if (tried.wiped) await this.gone(chosen.vault, "wrongPins");
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
      if (changed.wiped) await this.gone(vault.vault, "wrongPins");
      else if (changed.wait_s) throw new Told(waitFirst(changed.wait_s));
      return false;
    }
    vault.opened.pin = changed;
    if (this.desk?.vault === vault) this.desk.card = { ...this.desk.card, digits: next.length };
    return true;
  }

  /**
   * What is being written goes on to the disk with the keys it began with; the memory of this page is emptied at once.
   */
  lock(): void {
    if (!this.desk) return;
    this.stand();
    this.phase = "locked";
    this.changed(); // what was on the screen goes now, not when the disk has answered
    void this.relist();
  }

  touched(): void {
    this.idle.touched();
  }

  async leave(): Promise<void> {
    const { vault, sync, card } = this.open;
    await sync.now(false);
    if (vault.queue.length || vault.held.length || [...vault.drafts.values()].some((k) => !this.kinds.isEmpty(k.draft)))
      throw new Told(SAYS.unsent);
    await this.wire
      .call("POST", `/field/devices/${card.device}/retire`, { body: {}, token: vault.state.token, device: card.device })
      .catch(() => undefined);
    await eraseVault(this.db!, vault.vault);
    this.tabs.tell({ vault: vault.vault, stores: [] });
    await this.away();
  }

  async syncNow(): Promise<void> {
    this.notice = null;
    await (this.desk ? this.desk.sync.now() : this.look());
  }

  private async enter(opened: Opened, card: Card): Promise<void> {
    await this.closing; // what was being written when it was locked
    const vault = new OpenVault(this.db!, opened, this.kinds, (stores) => this.wrote(opened.vault, stores));
    await vault.load();
    vault.state ??= {
      token: "",
      chosen: [],
      before: null,
      budget: { documents: 0, turfs: 0 },
      ward: NOWHERE,
      skewMs: 0,
      lastAt: null,
      pin: card.pin,
    }; // lost: the next renewal gives it back
    await this.sit(vault, card);
  }

  private async sit(vault: OpenVault, card: Card): Promise<void> {
    this.stand();
    this.notice = null;
    this.why.keep(null);
    this.desk = new Desk(vault, card, {
      wire: this.wire,
      alone: (work) => this.tabs.alone(`${this.settings.name}/${vault.vault}`, work),
      ordered: () => this.ordered(vault.vault, this.desk?.card.device ?? card.device),
      renew: () => this.renew(vault, card),
      synced: (at) => this.synced(vault, at),
      changed: () => this.changed(),
      answered: (results) =>
        results.some((r) => this.kinds.tells(r)) &&
        this.dispatchEvent(new CustomEvent("answered", { detail: results.filter((r) => this.kinds.tells(r)) })),
    });
    await this.desk.files.sweep().catch(() => undefined); // a full disk keeps nobody out
    await this.relist();
    this.phase = "open";
    this.idle.start();
    this.changed();
    void navigator.storage?.persist?.().then(() => this.measure());
    void this.desk.sync.now();
  }

  protected stand(): void {
    this.idle.stop();
    this.desk?.sync.stop();
    if (this.desk)
      this.closing = Promise.allSettled([this.desk.drafts.flush(), this.desk.vault.inTurn(async () => undefined)]);
    this.desk = null;
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
    await this.vaults.saveCard(
      vault.vault,
      (this.desk.card = { ...this.desk.card, lastAt: at, pin: vault.state.pin, digits: digitsOf(this.desk.card) }),
    );
    this.notice = null;
    void this.measure();
  }

  protected seen(): void {
    if (this.desk) void this.desk.drafts.flush().catch(() => undefined);
    if (document.visibilityState === "hidden") return;
    if (this.desk) this.idle.look();
    this.wake(FRESH_MS);
  }

  protected wake(fresh = 0): void {
    const last = Date.parse(this.desk?.vault.state.lastAt ?? "") || 0;
    if (!this.desk) void this.look();
    else if (this.desk.vault.queue.length || Math.abs(Date.now() - last) >= fresh) void this.desk.sync.now();
  }

  private wrote(vault: string, stores: RowStore[]): void {
    this.tabs.tell({ vault, stores });
    if (stores.some((s) => s !== "drafts")) this.changed(); // not at every keystroke
  }

  protected async heard(news: News): Promise<void> {
    const desk = this.desk;
    if (!this.db || desk?.vault.vault !== news.vault) return this.db ? this.relist() : undefined;
    if (!news.stores.length) return this.away(); // erased in another tab
    const { vault, drafts } = desk;
    const others = news.stores.filter((s) => s !== "drafts");
    if (others.length) await vault.inTurn(() => vault.load(others));
    if (news.stores.includes("drafts")) await drafts.reload();
    this.changed();
  }
}

/** `S`: the types of what `kinds` has. `settings` is for tests only: an app opens it without. */
export function openSession<S extends Shapes>(kinds: Kinds, settings: Partial<Settings> = {}): Session<S> {
  return new FieldSession<S>(kinds, { name: DB_NAME, iterations: ITERATIONS, ...settings });
}
