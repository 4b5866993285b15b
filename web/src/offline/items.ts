/** From what was typed at a door to the items that are sent, in the order in which the server must take them. */
import type { Draft, EditField, EditValue, Id, Item, ItemKind, Items } from "../casework/field/types";
import { newId } from "../kernel/ids";

/** An item that has no number yet. */
export type Fresh<K extends ItemKind = ItemKind> = Omit<Item<K>, "n">;
export function fresh<K extends ItemKind>(kind: K, body: Items[K], at: string, id: Id = newId()): Fresh<K> {
  return { kind, id, at, body };
}

/** Kinds of which no word may be written down, and what a form's version is: both from the documents of this phone. */
export interface Known {
  routed: ReadonlySet<string>;
  form: { id: Id; version: string } | null;
  bases: Partial<Record<EditField, EditValue>>;
}

export function itemsOf(draft: Draft, known: Known, now: string): Fresh[] {
  // A clock set back does not end a visit before it began.
  const ended = now > draft.started_at ? now : draft.started_at;
  const visit = fresh("visit", visitBody(draft, ended), now, draft.id);
  const issues = draft.issues.map((i) => fresh("issue", issueBody(draft.id, i, known.routed.has(i.kind)), now, i.id));
  const form = draft.form ?? known.form;
  const answers =
    draft.form_xml && form
      ? [fresh("answers", { visit: draft.id, form: form.id, version: form.version, xml: draft.form_xml }, now)]
      : [];
  const edits = (Object.entries(draft.edits) as [EditField, EditValue][])
    .filter(([field, value]) => !same(value, known.bases[field] ?? null))
    .map(([field, value]) =>
      fresh("edit", { dwelling: draft.dwelling, field, base: known.bases[field] ?? null, value }, now),
    );
  const silent = new Set(draft.issues.filter((i) => known.routed.has(i.kind)).map((i) => i.id));
  return [visit, ...issues, ...answers, ...edits, ...files(draft, now).filter((f) => !silent.has(f.body.subject))];
}

export function same(a: unknown, b: unknown): boolean {
  const place = (v: unknown) =>
    v && typeof v === "object" ? JSON.stringify([(v as { lat: number }).lat, (v as { lon: number }).lon]) : v;
  return place(a) === place(b);
}

function visitBody(d: Draft, ended_at: string): Items["visit"] {
  const asked = d.questions.trim();
  const note = [d.note.trim(), asked && `Dân hỏi: ${asked}`].filter(Boolean).join("\n");
  return {
    round: d.round,
    dwelling: d.dwelling,
    outcome: d.outcome as Items["visit"]["outcome"],
    started_at: d.started_at,
    ended_at,
    ...(d.outcome === "come_back" && d.come_back_at ? { come_back_at: d.come_back_at } : {}),
    ...(Object.keys(d.present).length ? { present: d.present } : {}),
    ...(d.notice_lang ? { notice_lang: d.notice_lang, notice_version: d.notice_version } : {}),
    ...(Object.keys(d.consents).length ? { consents: d.consents } : {}),
    ...(d.topics.length ? { topics: d.topics } : {}),
    ...(note ? { note } : {}),
  };
}

/** Of what is routed out only its kind leaves the phone: no word, no photo, no voice. */
function issueBody(visit: Id, i: Draft["issues"][number], routed: boolean): Items["issue"] {
  if (routed) return { visit, kind: i.kind };
  return {
    visit,
    kind: i.kind,
    ...(i.words ? { words: i.words } : {}),
    ...(i.place ? { place: i.place } : {}),
    urgency: i.urgency,
    ...(i.reply_by ? { reply_by: i.reply_by } : {}),
    ...(i.promised_on ? { promised_on: i.promised_on } : {}),
    ...(i.confidential ? { confidential: true } : {}),
    ...(i.answer ? { answer: i.answer } : {}),
  };
}

function files(draft: Draft, now: string): Fresh<"file">[] {
  const once = new Map(draft.files.map((f) => [f.id, f]));
  return [...once.values()].map(({ id, kind, size, sha256, subject }) =>
    fresh("file", { subject_kind: subject === draft.id ? "visit" : "issue", subject, kind, size, sha256 }, now, id),
  );
}
