/** From the verbs that the API allows and the needs in the lifecycle table to forms and bodies. Pure. */
import type { Incident, Lifecycles } from "../../contract/types";
import lifecycles from "../../contract/lifecycles.json";
import { distanceM } from "../../kernel/geo";

/** Kinds of fields a need is asked with; an unknown need is asked as plain text, never hidden. */
export type Field = "unit" | "outcome" | "agency" | "original" | "reason" | "priority" | "kind" | "text";
const KNOWN: Record<string, Field> = {
  unit: "unit",
  outcome: "outcome",
  agency: "agency",
  original: "original",
  reason: "reason",
};
const WITH_NOTE = new Set(["close", "transfer"]);

export interface FormOf {
  verb: string;
  fields: { name: string; field: Field; required: boolean }[];
}

/** The desk's verbs in a state, from the table itself: an event tells the state at once, the snapshot comes later. */
export function verbsIn(state: string): string[] {
  return [
    ...new Set(lifecycles.incident.moves.filter((m) => m.by === "desk" && m.from.includes(state)).map((m) => m.verb)),
  ];
}

export function needsOf(tables: Lifecycles | null, verb: string): string[] {
  return tables?.lifecycles["incident"]?.moves.find((m) => m.verb === verb && m.by === "desk")?.needs ?? [];
}

/** What must be asked before `verb` can be sent. */
export function formOf(tables: Lifecycles | null, verb: string): FormOf {
  const fields: FormOf["fields"] = needsOf(tables, verb).map((name) => ({
    name,
    field: KNOWN[name] ?? "text",
    required: true,
  }));
  if (verb === "triage")
    fields.push(
      { name: "priority", field: "priority", required: false },
      { name: "kind", field: "kind", required: false },
    );
  if (WITH_NOTE.has(verb)) fields.push({ name: "note", field: "text", required: false });
  return { verb, fields };
}

/** The body to post, or the names that are still missing. */
export function bodyOf(
  form: FormOf,
  values: Record<string, string>,
): { body: Record<string, string> } | { missing: string[] } {
  const given = Object.fromEntries(
    form.fields.map((f) => [f.name, (values[f.name] ?? "").trim()] as const).filter(([, v]) => v !== ""),
  );
  const missing = form.fields.filter((f) => f.required && !given[f.name]).map((f) => f.name);
  if (form.verb === "triage" && !Object.keys(given).length) missing.push("priority");
  return missing.length ? { missing } : { body: given };
}

/** Verbs as buttons, the likeliest first; sending has a list of its own and needs no button here. */
const ORDER = ["acknowledge", "close", "resolve", "triage", "transfer", "merge", "stand_down", "reopen"];
export function buttonsOf(verbs: readonly string[]): string[] {
  const place = (verb: string) => ORDER.indexOf(verb) + 1 || 99;
  return verbs.filter((v) => v !== "dispatch" && v !== "reinforce").sort((a, b) => place(a) - place(b));
}

/** The verb that sends a unit now, if any. */
export const sendVerb = (verbs: readonly string[]) => ["dispatch", "reinforce"].find((v) => verbs.includes(v)) ?? null;

/** How "end it" is done from here: with one outcome, in one or two moves. */
export function endingOf(verbs: readonly string[]): string[] {
  return verbs.includes("close") ? ["close"] : verbs.includes("resolve") ? ["resolve", "close"] : [];
}

const apart = (a: Incident, b: Incident) =>
  a.lat === null || b.lat === null ? null : distanceM(a.lat, a.lon!, b.lat, b.lon!);

/** Other open incidents of which this may be a repetition, nearest in time and place first. */
export function originalsFor(
  incident: Incident,
  others: readonly Incident[],
  distance: (a: Incident, b: Incident) => number | null = apart,
): Incident[] {
  const score = (o: Incident) =>
    (distance(incident, o) ?? 2000) + Math.abs(Date.parse(o.received_at) - Date.parse(incident.received_at)) / 1000;
  return others.filter((o) => o.id !== incident.id && o.state !== "duplicate").sort((a, b) => score(a) - score(b));
}
