/**
 * What the server said about each item: done with it, or kept as held until somebody decides. One transaction for a
 * whole answer.
 */
import { changed, claimsOf, type Local } from "./claims";
import type { OpenVault, Row } from "./store";
import type { Held, Id, Item, ItemResult } from "./types";

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

/**
 * Answered items leave the queue; what was not taken as it was goes to the held ones; claims learn what has arrived.
 */
export function applyAnswers(vault: OpenVault, answered: Held[]): Promise<void> {
  return vault.inTurn(async () => {
    const { kinds } = vault;
    const done = answered.filter(isDone);
    const kept = answered.filter((h) => !isDone(h));
    const locals = arrived(vault, new Set(done.map((h) => h.item.id)));
    const rows: Row[] = [
      ...answered.map((h): Row => ({ store: "queue", name: h.item.n, bytes: null })),
      ...(await Promise.all(kept.map((h) => vault.row("held", h.item.id, h)))),
      ...(await Promise.all(locals.map((l) => vault.row("local", kinds.placeOf(l), l)))),
      ...(await Promise.all(done.filter((h) => kinds.isFile(h.item)).map((h) => vault.row("files", h.item.id, null)))),
    ];
    await vault.write(rows);
    const gone = new Set(answered.map((h) => h.item.n));
    vault.queue = vault.queue.filter((i) => !gone.has(i.n));
    vault.held = [...vault.held.filter((h) => !answered.some((a) => a.item.id === h.item.id)), ...kept];
    for (const local of locals) vault.local.set(kinds.placeOf(local), local);
    vault.changed(["queue", "held", "local"]);
  });
}

function arrived(vault: OpenVault, ids: Set<Id>): Local[] {
  return changed(vault.kinds, vault.local.values(), (claim) =>
    !claim.sent && ids.has(claim.item) ? { ...claim, sent: true } : claim,
  );
}

/**
 * After a whole download the server's documents say what had arrived before it: this phone need not know it beside
 * them.
 */
export function settleLocals(vault: OpenVault, before: ReadonlySet<Id>): Promise<void> {
  return vault.inTurn(async () => {
    const { kinds } = vault;
    const settled = changed(kinds, vault.local.values(), (claim) => (before.has(claim.item) ? null : claim));
    if (!settled.length) return;
    const claims = (local: Local) => claimsOf(kinds, local).length > 0;
    await vault.write(
      await Promise.all(settled.map((l) => vault.row("local", kinds.placeOf(l), claims(l) ? l : null))),
    );
    for (const local of settled) {
      if (claims(local)) vault.local.set(kinds.placeOf(local), local);
      else vault.local.delete(kinds.placeOf(local));
    }
    vault.changed(["local"]);
  });
}

/**
 * What has arrived by now, to be given to settleLocals after the download that begins now. Also what waits nowhere any
 * more: an earlier version forgot to tell such claims that their card was settled.
 */
export function arrivedIds(vault: OpenVault): Promise<Set<Id>> {
  return vault.inTurn(async () => {
    const waiting = new Set([...vault.queue, ...vault.held.map((h) => h.item)].map((item) => item.id));
    const claims = [...vault.local.values()].flatMap((local) => claimsOf(vault.kinds, local));
    return new Set(claims.filter((claim) => claim.sent || !waiting.has(claim.item)).map((claim) => claim.item));
  });
}
