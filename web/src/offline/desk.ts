/** One member at work: the opened vault and everything that acts on it. Ends with the lock. */
import { newId } from "../kernel/ids";
import { shown } from "./claims";
import { Drafts } from "./drafts";
import { Files } from "./files";
import { HeldItems } from "./held";
import { fresh, type Documents } from "./kinds";
import { Queue } from "./queue";
import { ofKind, type OpenVault } from "./store";
import { Sync, type SyncHost } from "./sync";
import type { Draft, FileBody, FileDraft, Id, Item } from "./types";
import { uploadFile } from "./upload";
import type { Card } from "./vault";
import type { Wire } from "./wire";

export interface DeskHost extends Pick<SyncHost, "alone" | "ordered" | "renew" | "answered" | "synced" | "changed"> {
  wire: Wire;
}

export class Desk implements Documents {
  readonly drafts: Drafts;
  readonly queue: Queue;
  readonly held: HeldItems;
  readonly files: Files;
  readonly sync: Sync;

  constructor(
    readonly vault: OpenVault,
    public card: Card,
    private readonly host: DeskHost,
  ) {
    this.drafts = new Drafts(vault, this);
    this.queue = new Queue(vault);
    this.held = new HeldItems(vault, this.queue);
    this.files = new Files(vault);
    this.sync = new Sync({
      ...host,
      vault,
      queue: this.queue,
      held: this.held,
      device: () => this.card.device,
      upload: (item, signal) => this.upload(item, signal),
    });
  }

  get unsent(): number {
    return this.vault.queue.length + this.vault.held.length;
  }

  /** The server's document; of a place with what this phone claims and the server's documents do not yet show. */
  get<B extends object>(kind: string, id: Id): B | null {
    const body = ofKind(this.vault.docs, kind).get(id)?.body;
    return body ? (this.shown(kind, id, body) as B) : null;
  }

  all<B extends object>(kind: string): { id: Id; body: B }[] {
    return [...ofKind(this.vault.docs, kind).values()].map(({ id, body }) => ({
      id,
      body: this.shown(kind, id, body) as B,
    }));
  }

  async finish(given: Draft, now = new Date().toISOString()): Promise<void> {
    const { kinds } = this.vault;
    const draft = kinds.whole(given);
    await this.drafts.settle(kinds.placeOf(draft));
    try {
      await this.queue.finish(draft, kinds.itemsOf(draft, this, this.drafts.begun(draft), now));
    } catch (error) {
      await this.drafts.keep(draft).catch(() => undefined); // not sent off, so still being written
      throw error;
    }
    void this.sync.now(false);
  }

  /** Something else that is sent. What was begun before a download does not overwrite something unseen. */
  async act(kind: string, given: object): Promise<void> {
    const item = this.vault.kinds.item(kind);
    if (!item) throw new Error(`no noun sends ${kind}`);
    const place = item.claim ? (item.place?.(given, this) ?? null) : null;
    const begun = (place && this.vault.drafts.get(place)?.bases) || {};
    const body = item.asBegun?.(given, begun) ?? given;
    await this.queue.act(fresh(kind, body, new Date().toISOString(), newId()), place);
    void this.sync.now(!item.claim); // the ward's documents change with it; what is claimed is shown anyway
  }

  async addFile(given: Draft, kind: string, blob: Blob): Promise<FileDraft> {
    await this.drafts.keep(given);
    const kept = this.vault.drafts.get(this.vault.kinds.placeOf(given))!;
    return this.files.add(kept, kind, blob, new Date().toISOString());
  }

  private shown(kind: string, id: Id, body: object): object {
    return shown(this.vault.kinds, this.vault.local.get(id), kind, body);
  }

  private async upload(item: Item, signal: AbortSignal): Promise<void> {
    const blob = await this.files.get(item.id);
    if (!blob) return; // the server then says that it never came, and the item is held
    const { state } = this.vault;
    const { kind, sha256 } = item.body as FileBody;
    await uploadFile(
      state.token,
      state.ward.id,
      { id: item.id, kind, mime: blob.type, size: blob.size, sha256 },
      blob,
      this.host.wire.fetch,
      signal,
    );
  }
}
