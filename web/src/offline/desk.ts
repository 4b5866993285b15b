/** One member at work: the opened vault and everything that acts on it. Ends with the lock. */
import type {
  Docs,
  DoorDoc,
  Draft,
  EditField,
  EditValue,
  FileDraft,
  Id,
  Item,
  ItemResult,
  Items,
  Kind,
  Outcome,
} from "../casework/field/types";
import { uploadFile } from "../casework/upload/upload";
import { newId } from "../kernel/ids";
import { Drafts, whole } from "./drafts";
import { Files } from "./files";
import { HeldItems } from "./held";
import { fresh, itemsOf, type Known } from "./items";
import { Queue } from "./queue";
import { ofKind, type OpenVault } from "./store";
import { Sync, type SyncHost } from "./sync";
import type { Card } from "./vault";
import type { Wire } from "./wire";

export type Acting = "issue_verb" | "settle" | "edit" | "appointment";
export interface DeskHost extends Pick<SyncHost, "alone" | "ordered" | "renew" | "answered" | "synced" | "changed"> {
  wire: Wire;
}

export class Desk {
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
    this.drafts = new Drafts(vault, (dwelling, field) => baseOf(this.get("door", dwelling), field));
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

  /** The server's document; a door with what this phone has corrected and the server's documents do not yet show. */
  get<K extends Kind>(kind: K, id: Id): Docs[K] | null {
    const body = ofKind(this.vault.docs, kind).get(id)?.body as Docs[K] | undefined;
    return body ? this.shown(kind, id, body) : null;
  }

  all<K extends Kind>(kind: K): { id: Id; body: Docs[K] }[] {
    return [...ofKind(this.vault.docs, kind).values()].map(({ id, body }) => ({
      id,
      body: this.shown(kind, id, body as Docs[K]),
    }));
  }

  async finish(given: Draft, now = new Date().toISOString()): Promise<void> {
    const draft = whole(given);
    await this.drafts.settle(draft.dwelling);
    try {
      await this.queue.finish(draft, itemsOf(draft, this.known(draft), now));
    } catch (error) {
      await this.drafts.keep(draft).catch(() => undefined); // not sent off, so still being written
      throw error;
    }
    void this.sync.now(false);
  }

  async quick(dwelling: Id, outcome: Outcome, come_back_at = ""): Promise<void> {
    const round = this.get("door", dwelling)?.round;
    const now = new Date().toISOString();
    if (!round) throw new Error("no such door");
    const draft = whole({ id: newId(), dwelling, round, outcome, started_at: now, come_back_at } as Draft);
    await this.queue.finish(draft, itemsOf(draft, this.known(draft), now), false);
    void this.sync.now(false);
  }

  /**
   * A correction was begun at what stood there then: a download in between does not make it overwrite something unseen.
   */
  async act<K extends Acting>(kind: K, given: Items[K]): Promise<void> {
    const edit = kind === "edit" ? (given as Items["edit"]) : null;
    const body = edit ? { ...edit, base: this.drafts.baseOr(edit.dwelling, edit.field, edit.base) } : given;
    await this.queue.act(fresh(kind, body as Items[K], new Date().toISOString()));
    // The ward's documents change with it; a corrected door is shown corrected anyway.
    void this.sync.now(kind !== "edit");
  }

  async addFile(given: Draft, kind: FileDraft["kind"], blob: Blob): Promise<FileDraft> {
    await this.drafts.keep(given);
    return this.files.add(this.vault.drafts.get(given.dwelling)!, kind, blob, new Date().toISOString());
  }

  private known(draft: Draft): Known {
    const codes = this.all("codes")[0]?.body;
    const form = this.get("round", draft.round)?.form ?? null;
    return {
      routed: new Set((codes?.routed ?? []).map((r) => r.code)),
      bases: this.drafts.bases(draft),
      form: form ? { id: form, version: this.get("form", form)?.version ?? "" } : null,
    };
  }

  private shown<K extends Kind>(kind: K, id: Id, body: Docs[K]): Docs[K] {
    const edits = kind === "door" ? this.vault.local.get(id)?.edits : undefined;
    return edits?.length
      ? (edits.reduce(
          (door, e) => corrected(door, e.field as EditField, e.value as EditValue),
          body as DoorDoc,
        ) as Docs[K])
      : body;
  }

  private async upload(item: Item<"file">, signal: AbortSignal): Promise<void> {
    const blob = await this.files.get(item.id);
    if (!blob) return; // the server then says that it never came, and the item is held
    const { state } = this.vault;
    const { kind, sha256 } = item.body;
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

export function baseOf(door: DoorDoc | null, field: EditField): EditValue {
  if (!door) return null;
  if (field !== "position") return door[field] ?? null;
  return door.lat === null || door.lon === null ? null : { lat: door.lat, lon: door.lon };
}

function corrected(door: DoorDoc, field: EditField, value: EditValue): DoorDoc {
  if (field !== "position") return { ...door, [field]: value };
  const at = value as { lat: number; lon: number } | null;
  return { ...door, lat: at?.lat ?? null, lon: at?.lon ?? null };
}

/** What an answer may tell the screens beside being stored: where to go, what to look at again. */
export const worthTelling = (r: ItemResult) => !!(r.go_to || r.look_again || r.warnings?.length);
