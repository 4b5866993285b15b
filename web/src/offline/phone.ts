/**
 * This phone, whoever has it open: its storage, whose vaults are on it, who is signed in, and the ward's orders about
 * it.
 */
import { Unreachable } from "../live/http";
import { measured, openField, type Db } from "./db";
import type { Kinds } from "./kinds";
import { Orders } from "./orders";
import { SAYS, type Said } from "./says";
import { whoIsSignedIn, type SignedIn } from "./signin";
import { Tabs, type News } from "./tabs";
import type { Shapes } from "./types";
import { Vaults } from "./vault";
import { View } from "./view";
import { Why, type Reason } from "./why";
import { Wire } from "./wire";

export interface Settings {
  name: string;
  iterations: number;
  fetch?: typeof fetch;
  timeoutMs?: number;
}
const LOOK_MS = 5 * 60_000;

export abstract class Phone<S extends Shapes> extends View<S> {
  signedIn: SignedIn | null = null;
  protected vaults!: Vaults;
  protected db: Db | null = null;
  protected closing: Promise<unknown> = Promise.resolve();
  protected readonly wire: Wire;
  protected readonly tabs: Tabs;
  protected readonly why: Why;
  private orders!: Orders;

  constructor(
    protected readonly kinds: Kinds,
    protected readonly settings: Settings,
  ) {
    super();
    this.wire = new Wire(settings.fetch, settings.timeoutMs);
    this.tabs = new Tabs(settings.name, (news) => void this.heard(news));
    this.why = new Why(settings.name);
  }

  /** Nobody is at work any more; what was begun goes on to the disk (`closing`). */
  protected abstract stand(): void;
  protected abstract seen(): void;
  protected abstract wake(): void;
  protected abstract heard(news: News): Promise<void>;

  async start(): Promise<void> {
    if (!this.db && !(await this.openStorage())) return;
    try {
      this.listed = await this.vaults.list();
    } catch {
      return this.unusable(SAYS.broken);
    }
    if (!this.desk) this.closed();
    await this.look();
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

  protected async gone(vault: string, why: Reason): Promise<void> {
    this.tabs.tell({ vault, stores: [] });
    this.why.keep(why);
    if (this.desk && this.desk.vault.vault !== vault) return this.relist(); // somebody else is at work
    this.stand();
    await this.relist();
    this.closed();
  }

  protected async away(): Promise<void> {
    this.stand();
    await this.relist();
    this.closed();
  }

  /** Nobody has it open. Why somebody's data was erased is told until somebody opens it again. */
  private closed(): void {
    const why = this.why.kept();
    if (why) this.notice = why;
    this.phase = why ? "wiped" : this.listed.length ? "locked" : "none";
    this.changed();
  }

  protected async relist(): Promise<void> {
    this.listed = await this.vaults.list().catch(() => this.listed); // what was known, when the storage fails just now
    this.changed();
  }

  /** Is this vault to be erased? If so it is, and the ward is told. */
  protected async ordered(vault: string, device: string): Promise<boolean> {
    if (!(await this.orders.wipe(device))) return false;
    const unsent = this.members.find((_, i) => this.listed[i]!.vault === vault)?.unsent ?? 0;
    if (this.desk?.vault.vault === vault) this.stand();
    await this.orders.obey(vault, device, unsent);
    await this.gone(vault, "ordered");
    return true;
  }

  /** Who is signed in, and – also for vaults that are locked – whether the ward wants one erased. */
  protected async look(): Promise<void> {
    try {
      await this.orders.report();
      for (const { vault, card } of this.listed)
        if (vault !== this.desk?.vault.vault) await this.ordered(vault, card.device);
      this.signedIn = await whoIsSignedIn();
      this.reachable = true;
    } catch (error) {
      this.reachable = !(error instanceof Unreachable) && navigator.onLine;
    }
    this.changed();
  }

  protected async measure(): Promise<void> {
    this.storage = await measured();
    this.changed();
  }
}
