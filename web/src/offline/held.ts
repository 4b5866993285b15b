/**
 * What the server would not take as it was. Nothing leaves here but by somebody's decision, or by being taken after
 * all.
 */
import type { ConflictDoc, Held, Id, Item } from "../casework/field/types";
import { newId } from "../kernel/ids";
import { fresh, type Fresh } from "./items";
import type { Queue } from "./queue";
import type { OpenVault, Row } from "./store";

const WAIT_AGAIN_MS = 10 * 60_000;
const KEPT = { mine: "b", theirs: "a", both: "both" } as const; // a: what the register has, b: what arrived

export class HeldItems {
  constructor(
    private readonly vault: OpenVault,
    private readonly queue: Queue,
    private readonly now: () => Date = () => new Date(),
  ) {}

  async resolve(held: Held, keep: "mine" | "theirs" | "both"): Promise<void> {
    const kept = this.vault.held.find((h) => h.item.id === held.item.id);
    if (!kept) return; // decided in another tab
    const conflict = kept.result.conflict;
    if (conflict)
      return this.replace(
        [kept],
        [fresh("settle", { conflict: conflict.id, keep: KEPT[keep] }, this.at())],
        keep === "mine" ? null : kept,
      );
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
    const open = this.vault.docs.get("conflict");
    for (const held of this.vault.held.filter((h) => h.result.conflict && Date.parse(h.heldAt) < since.getTime())) {
      const card = open?.get(held.result.conflict!.id)?.body as ConflictDoc | undefined;
      if (!card) await this.replace([held], [], held);
      else if (
        JSON.stringify([card.a, card.b]) !== JSON.stringify([held.result.conflict!.a, held.result.conflict!.b])
      ) {
        await this.update({ ...held, result: { ...held.result, conflict: { ...card, id: held.result.conflict!.id } } });
      }
    }
  }

  private update(held: Held): Promise<void> {
    return this.vault.inTurn(async () => {
      await this.vault.write([await this.vault.row("held", held.item.id, held)]);
      this.vault.held = this.vault.held.map((h) => (h.item.id === held.item.id ? held : h));
      this.vault.changed(["held"]);
    });
  }

  /** The same words under a new id; whatever hangs on a visit goes with it. */
  private underNewId(kept: Held, again: Held[]): Promise<void> {
    const from = kept.item.id;
    const to = newId();
    const moved = again.map((h) => {
      const body = { ...h.item.body } as Record<string, unknown>;
      for (const name of ["visit", "subject", "issue"]) if (body[name] === from) body[name] = to;
      return { ...bare(h.item), id: h === kept ? to : h.item.id, body } as Fresh;
    });
    return this.replace(again, moved, null, { from, to });
  }

  private dependents(id: Id): Held[] {
    const of = (item: Item) =>
      Object.entries(item.body).some(([name, value]) => ["visit", "subject", "issue"].includes(name) && value === id);
    const direct = this.vault.held.filter((h) => of(h.item) && !h.result.conflict);
    return direct.flatMap((h) => [h, ...this.dependents(h.item.id)]);
  }

  /** Held ones out, items in, and what the phone claims about the door set right – one transaction. */
  private async replace(out: Held[], items: Fresh[], given: Held | null, moved?: { from: Id; to: Id }): Promise<void> {
    const locals = this.locals(given, moved);
    await this.queue.add(items, async (): Promise<Row[]> => [
      ...(await Promise.all(out.map((h) => this.vault.row("held", h.item.id, null)))),
      ...(await Promise.all(locals.map((l) => this.vault.row("local", l.dwelling, l)))),
      ...(await Promise.all(given?.item.kind === "file" ? [this.vault.row("files", given.item.id, null)] : [])),
    ]);
    this.vault.held = this.vault.held.filter((h) => !out.some((o) => o.item.id === h.item.id));
    for (const local of locals) this.vault.local.set(local.dwelling, local);
    this.vault.changed(["held", "queue", "local"]);
  }

  private locals(given: Held | null, moved?: { from: Id; to: Id }) {
    const visit = given?.item.id ?? moved?.from;
    return [...this.vault.local.values()]
      .filter((l) => l.visit?.id === visit || l.edits.some((e) => e.item === given?.item.id))
      .map((l) => ({
        ...l,
        edits: l.edits.filter((e) => e.item !== given?.item.id),
        visit: l.visit?.id !== visit ? l.visit : moved ? { ...l.visit!, id: moved.to } : null,
      }));
  }

  private at(): string {
    return this.now().toISOString();
  }
}

function bare({ kind, id, at, body }: Item): Fresh {
  return { kind, id, at, body };
}
