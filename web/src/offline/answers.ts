/**
 * What the server said about each item: done with it, or kept as held until somebody decides. One transaction for a
 * whole answer.
 */
import type { Held, Id, Item, ItemResult } from "../casework/field/types";
import type { Local, OpenVault, Row } from "./store";

const DONE = new Set(["stored", "same"]);

/** An item that the server did not mention is not lost: it is held and sent again. */
export function paired(items: Item[], results: ItemResult[]): Held[] {
  const byId = new Map(results.map((r) => [`${r.n}/${r.id}`, r]));
  const heldAt = new Date().toISOString();
  return items.map((item) => ({
    item,
    heldAt,
    result: byId.get(`${item.n}/${item.id}`) ?? { n: item.n, id: item.id, status: "wait", code: "no_answer" },
  }));
}

export const isDone = (held: Held) => DONE.has(held.result.status);

/** Answered items leave the queue; what was not taken as it was goes to the held ones; doors learn what has arrived. */
export function applyAnswers(vault: OpenVault, answered: Held[]): Promise<void> {
  return vault.inTurn(async () => {
    const done = answered.filter(isDone);
    const kept = answered.filter((h) => !isDone(h));
    const locals = arrived(vault, new Set(done.map((h) => h.item.id)));
    const rows: Row[] = [
      ...answered.map((h): Row => ({ store: "queue", name: h.item.n, bytes: null })),
      ...(await Promise.all(kept.map((h) => vault.row("held", h.item.id, h)))),
      ...(await Promise.all(locals.map((l) => vault.row("local", l.dwelling, l)))),
      ...(await Promise.all(
        done.filter((h) => h.item.kind === "file").map((h) => vault.row("files", h.item.id, null)),
      )),
    ];
    await vault.write(rows);
    const gone = new Set(answered.map((h) => h.item.n));
    vault.queue = vault.queue.filter((i) => !gone.has(i.n));
    vault.held = [...vault.held.filter((h) => !answered.some((a) => a.item.id === h.item.id)), ...kept];
    for (const local of locals) vault.local.set(local.dwelling, local);
    vault.changed(["queue", "held", "local"]);
  });
}

function arrived(vault: OpenVault, ids: Set<Id>): Local[] {
  const changed: Local[] = [];
  for (const local of vault.local.values()) {
    const visit = local.visit && ids.has(local.visit.id) ? { ...local.visit, sent: true } : local.visit;
    const edits = local.edits.map((e) => (ids.has(e.item) ? { ...e, sent: true } : e));
    if (visit !== local.visit || edits.some((e, i) => e !== local.edits[i] && e.sent !== local.edits[i]!.sent))
      changed.push({ ...local, visit, edits });
  }
  return changed;
}

/**
 * After a whole download the server's documents say what had arrived before it: this phone need not know it beside
 * them.
 */
export function settleLocals(vault: OpenVault, before: ReadonlySet<Id>): Promise<void> {
  return vault.inTurn(async () => {
    const settled: Local[] = [];
    for (const local of vault.local.values()) {
      const visit = local.visit?.sent && before.has(local.visit.id) ? null : local.visit;
      const edits = local.edits.filter((e) => !(e.sent && before.has(e.item)));
      if (visit !== local.visit || edits.length !== local.edits.length) settled.push({ ...local, visit, edits });
    }
    if (!settled.length) return;
    await vault.write(
      await Promise.all(settled.map((l) => vault.row("local", l.dwelling, l.visit || l.edits.length ? l : null))),
    );
    for (const l of settled) {
      if (l.visit || l.edits.length) vault.local.set(l.dwelling, l);
      else vault.local.delete(l.dwelling);
    }
    vault.changed(["local"]);
  });
}

/** What has arrived by now, to be given to settleLocals after the download that begins now. */
export function sentIds(vault: OpenVault): Set<Id> {
  return new Set(
    [...vault.local.values()].flatMap((l) => [
      ...(l.visit?.sent ? [l.visit.id] : []),
      ...l.edits.filter((e) => e.sent).map((e) => e.item),
    ]),
  );
}
