/**
 * What waits for somebody's word: answers to tell, and what needs a decision – without what this phone has just done
 * about it.
 */
import type { ConflictDoc, Held, Id, IssueDoc, Item, Items, Session } from "./types";

/**
 * Done here, though the document on this phone does not say so before it is read anew; what then comes is another one.
 */
const done = new WeakSet<object>();
export const markDone = (body: IssueDoc | ConflictDoc | null): unknown => body && done.add(body);

export function toTell(session: Session): { id: Id; body: IssueDoc }[] {
  const issues = (items: readonly Item[]) =>
    items.filter((i) => i.kind === "issue_verb").map((i) => (i.body as Items["issue_verb"]).issue);
  const refused = issues(session.held.map((h) => h.item));
  const told = new Set([...issues(session.unsentItems), ...refused]);
  // It was not taken: once that is decided, it waits again.
  for (const id of refused) done.delete(session.get("issue", id) ?? {});
  return session
    .all("issue")
    .filter(
      ({ id, body }) => body.state === "answered" && body.verbs.includes("tell") && !told.has(id) && !done.has(body),
    );
}

/** What was not taken as it was, and conflicts of others' making; one and the same conflict is asked about once. */
export function toMend(session: Session): { held: readonly Held[]; conflicts: { id: Id; body: ConflictDoc }[] } {
  const asked = new Set<Id>(session.held.flatMap((h) => (h.result.conflict ? [h.result.conflict.id] : [])));
  for (const item of session.unsentItems)
    if (item.kind === "settle") asked.add((item.body as Items["settle"]).conflict);
  return {
    held: session.held,
    conflicts: session.all("conflict").filter(({ id, body }) => !asked.has(id) && !done.has(body)),
  };
}
