/**
 * Keeps phone and ward in step: first the ward's order about this phone, then what was typed, then what is new. It
 * begins by itself – on a network, on being looked at, every few minutes, after each item – and waits longer after
 * each failure.
 */
import { comeBackMs, Refusal, Unreachable } from "../live/http";
import { isFull } from "./db";
import type { HeldItems } from "./held";
import { Full, receive } from "./incoming";
import { sendAll } from "./outgoing";
import type { Queue } from "./queue";
import { SAYS, Told, type Said } from "./says";
import type { Registered } from "./signin";
import type { OpenVault } from "./store";
import type { Id, Item, ItemResult } from "./types";
import type { Wire } from "./wire";

const EVERY_MS = 5 * 60_000;
const FIRST_MS = 2000;
const LONGEST_MS = 5 * 60_000;
const PROGRESS_MS = 100;
export interface SyncHost {
  vault: OpenVault;
  queue: Queue;
  held: HeldItems;
  wire: Wire;
  device(): string;
  alone<T>(work: () => Promise<T>): Promise<T>;
  upload(item: Item, signal: AbortSignal): Promise<void>;
  ordered(): Promise<boolean>; // true: this vault was to be erased, and is
  renew(): Promise<void>; // a new token by the browser's session; throws Told when that is not possible
  answered(results: ItemResult[]): void;
  synced(at: string): Promise<void>;
  changed(): void;
}

export class Sync {
  busy = false;
  online = navigator.onLine;
  error: Said | null = null;
  /** Why the latest choice was not accepted. */
  unchosen: unknown = null;
  progress: { done: number; of: number } | null = null;
  private failures = 0;
  private comeBack = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | undefined;
  private wanted: { download: boolean } | null = null;
  private told = 0;
  private greeted = false;
  private readonly limit = new AbortController();

  constructor(
    private readonly host: SyncHost,
    private readonly firstWaitMs = FIRST_MS,
  ) {}

  stop(): void {
    clearTimeout(this.timer);
    this.limit.abort();
  }

  /** Sync now; asked again while it runs, it runs once more. Never throws: what went wrong is in `error`. */
  now(download = true): Promise<void> {
    this.wanted = { download: download || !!this.wanted?.download };
    return (this.running ??= this.loop());
  }

  private async loop(): Promise<void> {
    clearTimeout(this.timer);
    this.busy = true;
    this.host.changed();
    try {
      for (let ask = this.take(); ask && !this.limit.signal.aborted; ask = this.take()) await this.once(ask.download);
    } finally {
      this.running = undefined;
      this.busy = false;
      this.progress = null;
      if (!this.limit.signal.aborted) this.timer = setTimeout(() => void this.now(), this.wait());
      this.host.changed();
    }
  }

  private take(): { download: boolean } | null {
    const asked = this.wanted;
    this.wanted = null;
    return asked;
  }

  private async once(download: boolean): Promise<void> {
    try {
      await this.host.alone(() => this.authorised(() => this.round(download)));
      this.failures = 0;
      this.online = true;
    } catch (error) {
      if (this.limit.signal.aborted) return;
      this.failures++;
      this.comeBack = comeBackMs(error);
      this.online = !(error instanceof Unreachable) && navigator.onLine;
      this.error = said(error);
      if (this.host.vault.state.before) this.unchosen = error;
    }
  }

  private async round(download: boolean): Promise<void> {
    if (await this.host.ordered()) return;
    const { vault, held } = this.host;
    await this.greet();
    await held.sendWaiting();
    const cards = vault.held.length;
    await this.send();
    let note: Said | null = null;
    if (vault.full) await vault.restoreDocs();
    if (download || vault.held.length > cards) {
      // a card is decided on what the ward has now
      note = await this.fetch();
      await this.send(); // what was typed meanwhile
    }
    this.error = note ?? (vault.damaged ? SAYS.damaged : vault.full ? SAYS.full : null);
    await this.host.synced(new Date().toISOString());
  }

  /** Once after each opening: the ward's rules as they are now. A server without this call is an older one. */
  private async greet(): Promise<void> {
    if (this.greeted) return;
    const { vault, wire } = this.host;
    const device = this.host.device();
    const began = Date.now();
    try {
      const now = await wire.call<Pick<Registered, "pin" | "budget" | "server_time">>("GET", "/field/device", {
        token: vault.state.token,
        device,
        signal: this.limit.signal,
      });
      await vault.saveState({ pin: now.pin, budget: now.budget });
      this.heard(now.server_time, began);
    } catch (error) {
      if (!(error instanceof Refusal) || error.problem.status !== 404) throw error;
    }
    this.greeted = true;
  }

  private send(): Promise<number> {
    const { vault, queue, wire } = this.host;
    return sendAll({
      vault,
      queue,
      wire,
      device: this.host.device(),
      signal: this.limit.signal,
      upload: (i) => this.host.upload(i, this.limit.signal),
      heard: this.heard,
      answered: (r) => this.host.answered(r),
    });
  }

  /** Too much for one phone, or something that is no longer mine: the old list stays, and the reason is told. */
  private async fetch(): Promise<Said | null> {
    const { vault } = this.host;
    const began = new Date();
    this.unchosen = null;
    try {
      await this.download();
    } catch (error) {
      const problem = error instanceof Refusal ? error.problem : null;
      if (problem?.status === 413 || problem?.status === 404) this.unchosen = vault.state.before && error;
      if (problem?.status === 413) {
        await this.back();
        return SAYS.budget;
      }
      if (problem?.status !== 404) throw error;
      if (vault.state.before) await this.back();
      else await this.onlyMine();
      await this.download();
      return SAYS.notYours;
    }
    if (vault.state.before) await vault.saveState({ before: null });
    await this.host.held.review(began);
    return null;
  }

  private async download(): Promise<void> {
    const { vault, wire } = this.host;
    const device = this.host.device();
    let changed = 0;
    const progress = (done: number, of: number) => this.tell((changed = done), of);
    try {
      changed = await receive(
        { vault, wire, device, signal: this.limit.signal, progress, heard: this.heard },
        vault.state.chosen,
      );
    } finally {
      if (changed) vault.changed(["docs"]);
    }
  }

  private async back(): Promise<void> {
    const { vault } = this.host;
    if (vault.state.before) await vault.saveState({ chosen: vault.state.before, before: null });
  }

  private async onlyMine(): Promise<void> {
    const { vault, wire } = this.host;
    const device = this.host.device();
    const { items } = await wire.call<{ items: { id: Id }[] }>("GET", "/field/turfs", {
      token: vault.state.token,
      device,
      signal: this.limit.signal,
    });
    const mine = new Set<Id>(items.map((o) => o.id));
    await vault.saveState({ chosen: vault.state.chosen.filter((id) => mine.has(id)) });
  }

  /**
   * A token that has ended: first whether the ward wants this phone erased, then a new one if the same person is signed
   * in.
   */
  private async authorised(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(await this.tokenEnded(error))) throw error;
      if (await this.host.ordered()) return;
      await this.host.renew();
      await work();
    }
  }

  /**
   * Behind a login that also takes cookies an ended token may look like a missing CSRF header (403): asked again
   * without writing.
   */
  private async tokenEnded(error: unknown): Promise<boolean> {
    const status = error instanceof Refusal ? error.problem.status : 0;
    if (status !== 403) return status === 401;
    this.greeted = false;
    return this.greet().then(
      () => false,
      (e: unknown) => e instanceof Refusal && e.problem.status === 401,
    );
  }

  private readonly heard = (server_time: string, sentAt: number): void => {
    const skewMs = Math.round(Date.parse(server_time) - (sentAt + Date.now()) / 2);
    const { state } = this.host.vault;
    if (Number.isFinite(skewMs) && Math.abs(skewMs - state.skewMs) > 500)
      void this.host.vault.saveState({ skewMs }).catch(() => undefined);
  };

  private readonly tell = (done: number, of: number): void => {
    this.progress = { done, of };
    if (performance.now() - this.told < PROGRESS_MS) return;
    this.told = performance.now();
    this.host.changed();
  };

  private wait(): number {
    if (!this.failures) return EVERY_MS;
    // a busy ward says when to come back, each phone at another moment
    const usual = Math.min(this.firstWaitMs * 2 ** (this.failures - 1), LONGEST_MS) * (0.75 + Math.random() / 2);
    return Math.max(usual, this.comeBack);
  }
}

function said(error: unknown): Said {
  if (error instanceof Told) return error.said;
  if (error instanceof Full) return SAYS.full;
  if (error instanceof Unreachable) return SAYS.offline;
  if (!(error instanceof Refusal)) return isFull(error) ? SAYS.full : SAYS.broken;
  const { status, detail, detail_en } = error.problem;
  if (status === 401) return SAYS.signIn;
  if (status >= 500 || status === 429) return SAYS.server;
  return detail ? { vi: detail, en: detail_en } : SAYS.refused;
}
