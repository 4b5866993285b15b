/**
 * What the server would not take as it was. Nothing leaves here but by somebody's decision, or by being taken after
 * all.
 */
import { newId } from "../kernel/ids";
import { changed } from "./claims";
import type { Queue } from "./queue";
import type { OpenVault, Row } from "./store";
import type { Card, Fresh, Held, Id, Item, Keep } from "./types";

const WAIT_AGAIN_MS = 10 * 60_000;

export class HeldItems {
  constructor(
    private readonly vault: OpenVault,
    private readonly queue: Queue,
    private readonly now: () => Date = () => new Date(),
  ) {}

  async resolve(held: Held, keep: Keep): Promise<void> {
    const kept = this.vault.held.find((h) => h.item.id === held.item.id);
    if (!kept) return; // decided in another tab
    const card = kept.result.conflict;
    if (card) {
      const settled = this.settled(card, keep);
      const mine = keep === "mine" ? { from: kept.item.id, to: settled.id } : undefined; // claimed by that from now on
      return this.replace([kept], [settled], mine ? null : kept, mine);
    }
    if (keep === "theirs") return this.replace([kept], [], kept);
    const again = [kept, ...this.dependents(kept.item.id)];
    return kept.result.code === "id_reused"
      ? this.underNewId(kept, again)
      : this.replace(
          again,
          again.map((h) => bare(h.item)),
          null,
        );
  }

  private settled(card: Card, keep: Keep): Fresh {
    const settles = this.vault.kinds.card;
    if (!settles) throw new Error("no noun settles cards");
    return { ...settles.settled(card.id, keep), id: newId(), at: this.now().toISOString() };
  }

  /** What had to wait is sent again from time to time, in its old order. */
  async sendWaiting(force = false): Promise<void> {
    const due = this.now().getTime() - WAIT_AGAIN_MS;
    const waiting = this.vault.held.filter(
      (h) =>
        h.result.status === "wait" &&
        (force || Date.parse(h.heldAt) <= due || Date.parse(h.heldAt) > this.now().getTime()),
    );
    const again = new Map(waiting.flatMap((h) => [h, ...this.dependents(h.item.id)]).map((h) => [h.item.id, h]));
    const inOrder = [...again.values()].sort((a, b) => a.item.n - b.item.n);
    if (inOrder.length)
      await this.replace(
        inOrder,
        inOrder.map((h) => bare(h.item)),
        null,
      );
  }

  /**
   * After a download: a card that the office or another phone has settled goes, one whose values have changed shows the
   * new ones.
   */
  async review(since: Date): Promise<void> {
    const open = this.vault.docs.get(this.vault.kinds.card?.documents ?? "");
    for (const held of this.vault.held.filter((h) => h.result.conflict && Date.parse(h.heldAt) < since.getTime())) {
      const was = held.result.conflict!;
      const card = open?.get(was.id)?.body as Card | undefined;
      if (!card) await this.replace([held], [], held);
      else if (JSON.stringify([card.a, card.b]) !== JSON.stringify([was.a, was.b]))
        await this.update({ ...held, result: { ...held.result, conflict: { ...card, id: was.id } } });
    }
  }

  private update(held: Held): Promise<void> {
    return this.vault.inTurn(async () => {
      await this.vault.write([await this.vault.row("held", held.item.id, held)]);
      this.vault.held = this.vault.held.map((h) => (h.item.id === held.item.id ? held : h));
      this.vault.changed(["held"]);
    });
  }

  /** The same words under a new id; whatever hangs on it goes with it. */
  private underNewId(kept: Held, again: Held[]): Promise<void> {
    const from = kept.item.id;
    const to = newId();
    const moved = again.map((h) => ({
      ...bare(h.item),
      id: h === kept ? to : h.item.id,
      body: this.vault.kinds.following(h.item, from, to),
    }));
    return this.replace(again, moved, null, { from, to });
  }

  private dependents(id: Id): Held[] {
    const direct = this.vault.held.filter((h) => !h.result.conflict && this.vault.kinds.hangsOn(h.item).includes(id));
    return direct.flatMap((h) => [h, ...this.dependents(h.item.id)]);
  }

  /** Held ones out, items in, and what the phone claims of places set right – one transaction. */
  private async replace(out: Held[], items: Fresh[], given: Held | null, moved?: { from: Id; to: Id }): Promise<void> {
    const { vault } = this;
    const locals = changed(vault.kinds, vault.local.values(), (claim) =>
      claim.item === given?.item.id ? null : claim.item === moved?.from ? { ...claim, item: moved.to } : claim,
    );
    await this.queue.add(items, async (): Promise<Row[]> => [
      ...(await Promise.all(out.map((h) => vault.row("held", h.item.id, null)))),
      ...(await Promise.all(locals.map((l) => vault.row("local", vault.kinds.placeOf(l), l)))),
      ...(await Promise.all(given && vault.kinds.isFile(given.item) ? [vault.row("files", given.item.id, null)] : [])),
    ]);
    vault.held = vault.held.filter((h) => !out.some((o) => o.item.id === h.item.id));
    for (const local of locals) vault.local.set(vault.kinds.placeOf(local), local);
    vault.changed(["held", "queue", "local"]);
  }
}

function bare({ kind, id, at, body }: Item): Fresh {
  return { kind, id, at, body };
}
