/**
 * What the screens of the field app see of the session, and what whoever has it open may do. How it opens and ends is
 * session.ts.
 */
import type {
  Docs,
  Draft,
  FileDraft,
  Held,
  Id,
  Item,
  Items,
  Kind,
  MemberCard,
  Offer,
  Outcome,
  Phase,
  SyncState,
} from "../casework/field/types";
import type { Acting, Desk } from "./desk";
import { exportUnsent, importUnsent } from "./export";
import { SAYS, Told, type Said } from "./says";
import type { Registered } from "./signin";
import { digitsOf, type Listed, type PinRules } from "./vault";
import type { Wire } from "./wire";

const PIN: PinRules = { digits: 6, tries: 10, idle_s: 300 }; // until the ward has said; the same as its first policy

export abstract class View extends EventTarget {
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

  localState(dwelling: Id): { outcome: Outcome; at: string; sent: boolean; visit: Id; back?: string } | null {
    const visit = this.desk?.vault.local.get(dwelling)?.visit;
    return visit
      ? {
          outcome: visit.outcome,
          at: visit.at,
          sent: visit.sent,
          visit: visit.id,
          ...(visit.back ? { back: visit.back } : {}),
        }
      : null;
  }

  draft(dwelling: Id): Draft | null {
    return this.desk?.drafts.get(dwelling) ?? null;
  }

  chosen(): Id[] {
    return this.desk?.vault.state.chosen ?? [];
  }

  async keep(draft: Draft): Promise<void> {
    // It stays in memory, is tried again, and the screen says so.
    await this.open.drafts.keep(draft).catch(() => this.changed());
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

  async offers(): Promise<{ items: Offer[]; budget: { documents: number; turfs: number } }> {
    const { vault, card } = this.open;
    return this.wire.call("GET", "/field/turfs", { token: vault.state.token, device: card.device });
  }

  /**
   * From now on this phone carries these. Throws, and keeps the old list, when the ward says no or cannot be reached.
   */
  async choose(turfs: Id[]): Promise<void> {
    const { vault, sync } = this.open;
    await vault.saveState({ chosen: turfs, before: vault.state.before ?? vault.state.chosen });
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
