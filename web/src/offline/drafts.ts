/**
 * What is being typed, kept at every keystroke. Writes follow one another without a pause: whatever was typed while one
 * was under way goes with the next, so the disk is never more than one write behind and never sees an older text after
 * a newer.
 */
import type { Begun, Documents } from "./kinds";
import type { KeptDraft, OpenVault } from "./store";
import type { Draft, Id } from "./types";

const DRAFT_V = 1;

export class Drafts {
  failed = false;
  private readonly dirty = new Set<Id>();
  private readonly unwanted = new Set<Id>(); // files that were taken out of a draft: their bytes go with its next write
  private recent = new Set<Id>(); // typed at since the reading of another tab's drafts began
  private writing: Promise<void> | undefined;

  constructor(
    private readonly vault: OpenVault,
    private readonly documents: Documents,
  ) {}

  get(place: Id): Draft | null {
    const kept = this.vault.drafts.get(place);
    return kept ? this.vault.kinds.whole(kept.draft) : null;
  }

  /** What stood in the touched fields when each was touched; one that was sent off begins anew at itself. */
  begun(draft: Draft): Begun {
    const { kinds, drafts } = this.vault;
    return kinds.begun(draft, drafts.get(kinds.placeOf(draft))?.bases ?? {}, this.documents);
  }

  /** Kept in memory at once; on the disk when this returns. */
  keep(draft: Draft): Promise<void> {
    const place = this.vault.kinds.placeOf(draft);
    // Of another draft of that place (one that can be taken back) nothing is thrown away.
    const before = this.vault.drafts.get(place)?.draft;
    for (const f of before?.id === draft.id ? (before.files ?? []) : []) this.unwanted.add(f.id);
    for (const f of draft.files ?? []) this.unwanted.delete(f.id);
    this.vault.drafts.set(place, { v: DRAFT_V, draft: structuredClone(draft), bases: this.begun(draft) });
    this.dirty.add(place);
    this.recent.add(place);
    return this.flush();
  }

  drop(place: Id): Promise<void> {
    this.vault.drafts.delete(place);
    this.dirty.add(place);
    this.recent.add(place);
    return this.flush();
  }

  /** Another tab has written drafts: read them, but never over what is being typed here. */
  async reload(): Promise<void> {
    this.recent = new Set(this.dirty);
    await this.writing?.catch(() => undefined);
    const { kinds } = this.vault;
    const read = new Map((await this.vault.read<KeptDraft>("drafts")).map((d) => [kinds.placeOf(d.draft), d]));
    for (const place of this.recent) {
      const mine = this.vault.drafts.get(place);
      if (mine) read.set(place, mine);
      else read.delete(place);
    }
    this.vault.drafts = read;
  }

  /** Nothing of this place is to be written any more: it is going out with the queue. */
  async settle(place: Id): Promise<void> {
    this.dirty.delete(place);
    await this.writing?.catch(() => undefined);
    this.dirty.delete(place);
  }

  flush(): Promise<void> {
    if (!this.dirty.size) return this.writing ?? Promise.resolve();
    return (this.writing ??= this.write());
  }

  private async write(): Promise<void> {
    try {
      while (this.dirty.size) await this.round([...this.dirty]);
    } finally {
      this.writing = undefined; // in the same step as the loop's last look: what comes now begins anew
    }
  }

  private async round(places: Id[]): Promise<void> {
    const files = [...this.unwanted];
    this.dirty.clear();
    this.unwanted.clear();
    try {
      await this.vault.write(
        await Promise.all([
          ...places.map((p) => this.vault.row("drafts", p, this.vault.drafts.get(p) ?? null)),
          ...files.map((f) => this.vault.row("files", f, null)),
        ]),
      );
      this.failed = false;
      this.vault.changed(["drafts"]);
    } catch (error) {
      for (const file of files) this.unwanted.add(file);
      for (const place of places) this.dirty.add(place); // still in memory; tried again with the next keystroke
      this.failed = true;
      throw error;
    }
  }
}
