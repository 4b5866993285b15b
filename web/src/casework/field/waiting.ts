/** What waits for somebody's word: answers to tell, and what needs a decision – without what this phone has just done about it. */
import type { ConflictDoc, Held, Id, IssueDoc, Items, Session } from "./types";

/** Done here, though the server's documents on this phone do not say so before the next time they are read. */
const done = new Set<Id>();
export const markDone = (id: Id): unknown => done.add(id);

export function toTell(session: Session): { id: Id; body: IssueDoc }[] {
  const told = new Set(session.unsentItems.filter((i) => i.kind === "issue_verb").map((i) => (i.body as Items["issue_verb"]).issue));
  return session.all("issue").filter(({ id, body }) => body.state === "answered" && body.verbs.includes("tell") && !told.has(id) && !done.has(id));
}

/** What was not taken as it was, and conflicts of others' making; one and the same conflict is asked about once. */
export function toMend(session: Session): { held: readonly Held[]; conflicts: { id: Id; body: ConflictDoc }[] } {
  const asked = new Set<Id>(session.held.flatMap((h) => (h.result.conflict ? [h.result.conflict.id] : [])));
  for (const item of session.unsentItems) if (item.kind === "settle") asked.add((item.body as Items["settle"]).conflict);
  return { held: session.held, conflicts: session.all("conflict").filter(({ id }) => !asked.has(id) && !done.has(id)) };
}
