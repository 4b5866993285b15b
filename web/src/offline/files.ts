/** Photos, voice notes and sketches: sealed on the phone, sent in parts before the item that names them. */
import { newId } from "../kernel/ids";
import { ofVault, type Bytes, type Name } from "./db";
import { fromUtf8, sha256, utf8 } from "./seal";
import type { KeptDraft, OpenVault, Row } from "./store";
import type { Draft, FileDraft, Id } from "./types";

export class Files {
  constructor(private readonly vault: OpenVault) {}

  /** The file and the draft that names it, in one transaction. */
  async add(kept: KeptDraft, kind: string, blob: Blob, at: string): Promise<FileDraft> {
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const file: FileDraft = {
      id: newId(),
      kind,
      mime: blob.type,
      size: bytes.length,
      sha256: await sha256(bytes),
      subject: kept.draft.id,
      at,
    };
    const draft: Draft = { ...kept.draft, files: [...kept.draft.files, file] };
    const name = await this.vault.sealed.name(`files|${file.id}`);
    const whole: Row = {
      store: "files",
      name,
      bytes: await this.vault.sealed.sealBytes("files", name, packed(blob.type, bytes)),
    };
    const place = this.vault.kinds.placeOf(draft);
    await this.vault.write([whole, await this.vault.row("drafts", place, { ...kept, draft })]);
    const now = this.vault.drafts.get(place) ?? kept; // more may have been typed meanwhile
    this.vault.drafts.set(place, {
      ...now,
      draft: { ...now.draft, files: [...now.draft.files.filter((f) => f.id !== file.id), file] },
    });
    return file;
  }

  async get(id: Id): Promise<Blob | null> {
    const name = await this.vault.sealed.name(`files|${id}`);
    const kept = await this.vault.db.get("files", [this.vault.vault, name]);
    if (!kept) return null;
    const whole = await this.vault.sealed.openBytes("files", name, kept).catch(() => null);
    if (!whole) return null;
    const head = new DataView(whole.buffer, whole.byteOffset).getUint32(0);
    return new Blob([whole.subarray(4 + head)], { type: fromUtf8(whole.subarray(4, 4 + head)) });
  }

  async put(id: Id, blob: Blob): Promise<void> {
    const name = await this.vault.sealed.name(`files|${id}`);
    const bytes = await this.vault.sealed.sealBytes(
      "files",
      name,
      packed(blob.type, new Uint8Array(await blob.arrayBuffer())),
    );
    await this.vault.write([{ store: "files", name, bytes }]);
  }

  /** Files that nothing names any more. */
  async sweep(): Promise<void> {
    const names = [...this.vault.drafts.values()].flatMap((k) => k.draft.files.map((f) => f.id));
    const items = [...this.vault.queue, ...this.vault.held.map((h) => h.item)]
      .filter((i) => this.vault.kinds.isFile(i))
      .map((i) => i.id);
    const wanted = new Set<Name>(
      await Promise.all([...names, ...items].map((id) => this.vault.sealed.name(`files|${id}`))),
    );
    const kept = await this.vault.db.getAllKeys("files", ofVault(this.vault.vault));
    const rows = kept
      .filter(([, name]) => !wanted.has(name))
      .map(([, name]): Row => ({ store: "files", name, bytes: null }));
    if (rows.length) await this.vault.write(rows);
  }
}

function packed(mime: string, bytes: Bytes): Bytes {
  const head = utf8(mime);
  const whole = new Uint8Array(4 + head.length + bytes.length);
  new DataView(whole.buffer).setUint32(0, head.length);
  whole.set(head, 4);
  whole.set(bytes, 4 + head.length);
  return whole;
}
