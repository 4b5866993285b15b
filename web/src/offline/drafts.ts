/**
 * What is being typed, kept at every keystroke. Writes follow one another without a pause: whatever was typed while one
 * was under way goes with the next, so the disk is never more than one write behind and never sees an older text after
 * a newer.
 */
import type { Draft, EditField, EditValue, Id, IssueDraft } from "../casework/field/types";
import type { KeptDraft, OpenVault } from "./store";

const DRAFT_V = 1;

export class Drafts {
  failed = false;
  private readonly dirty = new Set<Id>();
  private readonly unwanted = new Set<Id>(); // files that were taken out of a draft: their bytes go with its next write
  private recent = new Set<Id>(); // typed at since the reading of another tab's drafts began
  private writing: Promise<void> | undefined;

  constructor(
    private readonly vault: OpenVault,
    private readonly base: (dwelling: Id, field: EditField) => EditValue,
  ) {}

  get(dwelling: Id): Draft | null {
    const kept = this.vault.drafts.get(dwelling);
    return kept ? whole(kept.draft) : null;
  }

  /**
   * What stood in each corrected field when the correction was begun; one that was sent off, and begun anew, begins at
   * itself.
   */
  bases(draft: Draft): KeptDraft["bases"] {
    const kept = this.vault.drafts.get(draft.dwelling)?.bases ?? {};
    const bases: KeptDraft["bases"] = {};
    for (const field of Object.keys(draft.edits ?? {}) as EditField[])
      bases[field] = field in kept ? kept[field]! : this.base(draft.dwelling, field);
    return bases;
  }

  /** The same of a field that is being corrected now; else what the screen says. */
  baseOr(dwelling: Id, field: EditField, shown: EditValue): EditValue {
    return { [field]: shown, ...this.vault.drafts.get(dwelling)?.bases }[field]!;
  }

  /** Kept in memory at once; on the disk when this returns. */
  keep(draft: Draft): Promise<void> {
    // Of another visit (an outcome that can be taken back) nothing is thrown away.
    const before = this.vault.drafts.get(draft.dwelling)?.draft;
    for (const f of before?.id === draft.id ? (before.files ?? []) : []) this.unwanted.add(f.id);
    for (const f of draft.files ?? []) this.unwanted.delete(f.id);
    this.vault.drafts.set(draft.dwelling, { v: DRAFT_V, draft: structuredClone(draft), bases: this.bases(draft) });
    this.dirty.add(draft.dwelling);
    this.recent.add(draft.dwelling);
    return this.flush();
  }

  drop(dwelling: Id): Promise<void> {
    this.vault.drafts.delete(dwelling);
    this.dirty.add(dwelling);
    this.recent.add(dwelling);
    return this.flush();
  }

  /** Another tab has written drafts: read them, but never over what is being typed here. */
  async reload(): Promise<void> {
    this.recent = new Set(this.dirty);
    await this.writing?.catch(() => undefined);
    const read = new Map((await this.vault.read<KeptDraft>("drafts")).map((d) => [d.draft.dwelling, d]));
    for (const door of this.recent) {
      const mine = this.vault.drafts.get(door);
      if (mine) read.set(door, mine);
      else read.delete(door);
    }
    this.vault.drafts = read;
  }

  /** Nothing of this door is to be written any more: it is going out with the queue. */
  async settle(dwelling: Id): Promise<void> {
    this.dirty.delete(dwelling);
    await this.writing?.catch(() => undefined);
    this.dirty.delete(dwelling);
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

  private async round(doors: Id[]): Promise<void> {
    const files = [...this.unwanted];
    this.dirty.clear();
    this.unwanted.clear();
    try {
      await this.vault.write(
        await Promise.all([
          ...doors.map((d) => this.vault.row("drafts", d, this.vault.drafts.get(d) ?? null)),
          ...files.map((f) => this.vault.row("files", f, null)),
        ]),
      );
      this.failed = false;
      this.vault.changed(["drafts"]);
    } catch (error) {
      for (const file of files) this.unwanted.add(file);
      for (const door of doors) this.dirty.add(door); // still in memory; tried again with the next keystroke
      this.failed = true;
      throw error;
    }
  }
}

const ISSUE: Omit<IssueDraft, "id"> = {
  kind: "",
  words: "",
  place: "",
  urgency: "ordinary",
  reply_by: "",
  promised_on: "",
  confidential: false,
  answer: "",
};
const EMPTY: Omit<Draft, "id" | "dwelling" | "round"> = {
  outcome: "",
  started_at: "",
  come_back_at: "",
  present: {},
  notice_lang: "",
  notice_version: "",
  consents: {},
  topics: [],
  note: "",
  issues: [],
  files: [],
  form_xml: "",
  edits: {},
  questions: "",
};

/** A draft as this version knows it, whatever version kept it: fields it does not know stay, missing ones are empty. */
export function whole(draft: Draft): Draft {
  return { ...structuredClone(EMPTY), ...draft, issues: (draft.issues ?? []).map((i) => ({ ...ISSUE, ...i })) };
}

/** True when somebody has typed anything into it. */
export function isEmpty(draft: Draft): boolean {
  const d = whole(draft);
  return !(
    d.outcome ||
    d.note ||
    d.questions ||
    d.form_xml ||
    d.issues.length ||
    d.files.length ||
    d.topics.length ||
    Object.keys(d.edits).length
  );
}
