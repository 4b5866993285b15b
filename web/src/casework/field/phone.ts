/**
 * What comes back from the field itself: corrected fields of doors, cards that are settled, files; and the lists that
 * every phone of the ward is handed alike.
 */
import { newId } from "../../kernel/ids";
import {
  fresh,
  type Begun,
  type Documents,
  type PhoneCard,
  type PhoneClaim,
  type PhoneDraft,
  type PhoneItem,
  type PhoneNoun,
} from "../../offline/kinds";
import type { Draft, FileBody, FileDraft, Fresh, Id, ItemResult, Named } from "../../offline/types";
import { same, shownWith, valueOf, type Correctable, type EditField, type EditValue } from "./edits";

export interface DoorFacts {
  facts: Partial<Record<EditField, { by: string; at: string }>>; // who gave a corrected value, and when
}
export interface Side {
  value: EditValue;
  by: string;
  at: string;
}
export interface ConflictDoc {
  dwelling: Id;
  address: string;
  field: EditField;
  a: Side;
  b: Side;
  both: boolean; // whether "keep both" makes sense
}
export interface NoticeDoc {
  version: string;
  lang: string;
  title: string;
  paragraphs: string[];
  purposes: Named[];
}
export interface DoorCodes {
  door_kinds: Named[];
  best_times: Named[];
  needs: Named[];
}
export interface GroundDoc {
  ward_name: string;
  outline: [number, number][][]; // [lat, lon]
  areas: { name: string; outline: [number, number][][] }[];
}
/** What an answer says besides. */
export interface FieldHints {
  conflict?: { id: Id } & ConflictDoc;
  warnings?: unknown[];
}

export interface EditItem {
  dwelling: Id;
  field: EditField;
  base: EditValue;
  value: EditValue;
}
export interface SettleItem {
  conflict: Id;
  keep: "a" | "b" | "both";
}
export type FileKind = "photo" | "voice" | "sketch";
export interface FileItem extends FileBody {
  subject_kind: "visit" | "issue";
  subject: Id;
  kind: FileKind;
}
export interface EditClaim {
  item: Id;
  field: EditField;
  value: EditValue;
  sent: boolean;
}
export interface FieldDraft extends Draft {
  dwelling: Id;
  edits: Partial<Record<EditField, EditValue>>;
  files: FileDraft<FileKind>[];
}

const claim: PhoneClaim<EditClaim[], EditItem> = {
  slot: "edits",
  none: [],
  made: (known, { id, body: { field, value } }) => [
    ...known.filter((e) => e.field !== field),
    { item: id, field, value, sent: false },
  ],
  each: (known, change) =>
    known.flatMap((e) => {
      const now = change(e);
      return now ? [{ ...e, item: now.item, sent: now.sent }] : [];
    }),
  shown: {
    kind: "door",
    over: (door, known) => known.reduce((now, { field, value }) => shownWith(now as Correctable, field, value), door),
  },
};

const edit: PhoneItem<EditItem> = {
  kind: "edit",
  place: (body) => body.dwelling,
  claim,
  asBegun: (body, begun) => (body.field in begun ? { ...body, base: begun[body.field] as EditValue } : body),
  tells: (result: ItemResult & FieldHints) => !!result.warnings?.length,
  words: (body, tell) => [tell.t("iEdit", { f: tell.t(`e_${body.field}`), v: wordsOf(body.field, body.value, tell) })],
};

const settle: PhoneItem<SettleItem> = {
  kind: "settle",
  place: (body, documents) => documents.get<ConflictDoc>("conflict", body.conflict)?.dwelling ?? null,
  words: (_, { t }) => [t("iSettle")],
};

const file: PhoneItem<FileItem> = {
  kind: "file",
  hangsOn: ["subject"],
  isFile: true,
  words: (body, { t }) => [t(`iFile_${body.kind}`)],
};

/** A door's value as it is shown: never a bare code. */
export function wordsOf(
  field: EditField,
  value: EditValue,
  { t, named }: Pick<Parameters<typeof edit.words>[1], "t" | "named">,
): string {
  if (value === null || value === "") return t("empty");
  if (field === "kind") return named("door_kinds", String(value));
  if (field === "best_time") return named("best_times", String(value));
  if (typeof value === "object") return `${value.lat.toFixed(5)}, ${value.lon.toFixed(5)}`;
  return String(value);
}

const draft: PhoneDraft<FieldDraft> = {
  empty: { edits: {}, files: [] },
  isTyped: (d) => d.files.length > 0 || Object.keys(d.edits).length > 0,
  begun(d, kept, documents) {
    const begun: Begun = {};
    for (const field of Object.keys(d.edits ?? {}) as EditField[])
      begun[field] = field in kept ? kept[field] : doorSays(d.dwelling, field, documents);
    return begun;
  },
  items: (d, { begun, silent, now }) => [
    ...edits(d, begun, now),
    ...filesOf(d, now).filter((f) => !silent.has(f.body.subject)),
  ],
};

function doorSays(dwelling: Id, field: EditField, documents: Documents): EditValue {
  const door = documents.get<Correctable>("door", dwelling);
  return door ? (valueOf(door, field) ?? null) : null;
}

function edits(d: FieldDraft, begun: Begun, now: string): Fresh[] {
  return (Object.entries(d.edits) as [EditField, EditValue][])
    .map(([field, value]): EditItem => ({
      dwelling: d.dwelling,
      field,
      base: (begun[field] ?? null) as EditValue,
      value,
    }))
    .filter(({ base, value }) => !same(value, base))
    .map((body) => fresh("edit", body, now, newId()));
}

function filesOf(d: FieldDraft, now: string): Fresh<"file", FileItem>[] {
  const once = new Map(d.files.map((f) => [f.id, f]));
  return [...once.values()].map(({ id, kind, size, sha256, subject }) =>
    fresh("file", { subject_kind: subject === d.id ? "visit" : "issue", subject, kind, size, sha256 }, now, id),
  );
}

const KEPT = { mine: "b", theirs: "a", both: "both" } as const; // a: what the register has, b: what arrived
const card: PhoneCard = {
  documents: "conflict",
  settled: (conflict, keep) => ({ kind: "settle", body: { conflict, keep: KEPT[keep] } satisfies SettleItem }),
};

export const PHONE: PhoneNoun<{
  docs: { conflict: ConflictDoc; notice: NoticeDoc; codes: DoorCodes; ground: GroundDoc; door: DoorFacts };
  items: { edit: EditItem; settle: SettleItem; file: FileItem };
  claims: { edits: EditClaim[] };
  draft: FieldDraft;
  hints: FieldHints;
}> = {
  items: [edit, settle, file],
  documents: [{ kind: "conflict" }, { kind: "notice" }, { kind: "codes" }, { kind: "ground" }],
  draft,
  card,
};
