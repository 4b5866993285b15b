/**
 * What the screens of the field app see of the session, and what whoever has it open may do. How it opens and ends is
 * session.ts.
 */
import type { Desk } from "./desk";
import { exportUnsent, importUnsent } from "./export";
import { SAYS, Told, type Said } from "./says";
import type { Registered } from "./signin";
import type { Budget, FileOf, HeldOf, Id, ItemOf, Keep, Key, MemberCard, Phase, Shapes, SyncState } from "./types";
import { digitsOf, type Listed, type PinRules } from "./vault";
import type { Wire } from "./wire";

const PIN: PinRules = { digits: 6, tries: 10, idle_s: 300 }; // until the ward has said; the same as its first policy

export abstract class View<S extends Shapes> extends EventTarget {
  phase: Phase = "starting";
  protected listed: Listed[] = [];
  protected desk: Desk | null = null;
  protected notice: Said | null = null; // what is to be told while no vault is open, or beside it
  protected registered: Registered | null = null; // at the ward already, waiting for a PIN of the right shape
  protected storage: SyncState["storage"] = null;
  protected reachable = navigator.onLine;
  protected abstract readonly wire: Wire;

  get members(): MemberCard[] {
    return this.listed.map(({ vault, card: listed, unsent }) => {
      const open = this.desk?.vault.vault === vault ? this.desk : null;
      const card = open?.card ?? listed;
      return {
        id: card.id,
        name: card.name,
        unsent: open?.unsent ?? unsent,
        lastAt: card.lastAt,
        digits: digitsOf(card),
      };
    });
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
      online: (sync ? sync.online : this.reachable) && navigator.onLine !== false,
      busy: sync?.busy ?? false,
      unsent: vault?.queue.length ?? 0,
      held: vault?.held.length ?? 0,
      lastAt: vault?.state.lastAt ?? null,
      error: drafts?.failed ? SAYS.notKept : (this.notice ?? (vault?.full ? SAYS.full : (sync?.error ?? null))),
      progress: sync?.progress ?? null,
      storage: this.storage,
      skewMs: vault?.state.skewMs ?? 0,
    };
  }

  get held(): HeldOf<S>[] {
    return (this.desk?.vault.held ?? []) as HeldOf<S>[];
  }

  get unsentItems(): ItemOf<S>[] {
    return (this.desk?.vault.queue ?? []) as ItemOf<S>[];
  }

  get<K extends Key<S["docs"]>>(kind: K, id: Id): S["docs"][K] | null {
    return (this.desk?.get(kind, id) ?? null) as S["docs"][K] | null;
  }

  all<K extends Key<S["docs"]>>(kind: K): { id: Id; body: S["docs"][K] }[] {
    return (this.desk?.all(kind) ?? []) as { id: Id; body: S["docs"][K] }[];
  }

  claim<C extends Key<S["claims"]>>(slot: C, place: Id): S["claims"][C] | null {
    return (this.desk?.vault.local.get(place)?.[slot] ?? null) as S["claims"][C] | null;
  }

  draft(place: Id): S["draft"] | null {
    return this.desk?.drafts.get(place) ?? null;
  }

  chosen(): Id[] {
    return this.desk?.vault.state.chosen ?? [];
  }

  async keep(draft: S["draft"]): Promise<void> {
    // It stays in memory, is tried again, and the screen says so.
    await this.open.drafts.keep(draft).catch(() => this.changed());
  }

  async drop(place: Id): Promise<void> {
    await this.open.drafts.drop(place).catch(() => this.changed());
  }

  finish(draft: S["draft"]): Promise<void> {
    return this.open.finish(draft);
  }

  addFile(draft: S["draft"], kind: FileOf<S>["kind"], blob: Blob): Promise<FileOf<S>> {
    return this.open.addFile(draft, kind, blob);
  }

  async file(id: Id): Promise<Blob | null> {
    return this.open.files.get(id);
  }

  act<K extends Key<S["items"]>>(kind: K, body: S["items"][K]): Promise<void> {
    return this.open.act(kind, body as object);
  }

  async resolve(held: HeldOf<S>, keep: Keep): Promise<void> {
    const { sync } = this.open;
    await this.open.held.resolve(held, keep);
    void sync.now(!!held.result.conflict); // of a choice between two values, what the ward has now comes back
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

  async offers(): Promise<{ items: S["offer"][]; budget: Budget }> {
    const { vault, card } = this.open;
    return this.wire.call("GET", "/field/turfs", { token: vault.state.token, device: card.device });
  }

  /**
   * From now on this phone carries these. Throws, and keeps the old list, when the ward says no or cannot be reached.
   */
  async choose(chosen: Id[]): Promise<void> {
    const { vault, sync } = this.open;
    await vault.saveState({ chosen, before: vault.state.before ?? vault.state.chosen });
    await sync.now();
    if (sync.unchosen) throw sync.unchosen;
  }

  protected get open(): Desk {
    if (!this.desk) throw new Told(SAYS.locked);
    return this.desk;
  }

  protected changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}
