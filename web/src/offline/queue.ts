/**
 * What waits to be sent: numbered without a gap, each item under its own number, which it was sealed with. The number
 * is given in the transaction that writes the item, so that a page killed at any moment leaves either all the
 * items or the whole draft.
 */
import { claimed } from "./claims";
import type { OpenVault, Row } from "./store";
import type { Draft, Fresh, Id, Item } from "./types";

export class Queue {
  constructor(private readonly vault: OpenVault) {}

  /** Put items at the end and `also` write other rows, all in one transaction. */
  add(items: Fresh[], also: () => Promise<Row[]> = async () => []): Promise<Item[]> {
    return this.vault.inTurn(async () => {
      for (;;) {
        const was = await this.vault.lastNumber();
        const numbered = items.map((item, i) => ({ n: was + i + 1, ...item }));
        const rows = [...(await this.rows(numbered)), ...(await also())];
        if (!(await this.vault.write(rows, { was, becomes: was + items.length }))) continue;
        this.vault.queue = [...this.vault.queue, ...numbered];
        return numbered;
      }
    });
  }

  /** What was typed goes out: its items in, its draft away, its place as this phone now knows it – one transaction. */
  async finish(draft: Draft, items: Fresh[]): Promise<void> {
    const place = this.vault.kinds.placeOf(draft);
    const local = claimed(this.vault.kinds, this.vault.local.get(place), place, items);
    const silent = draft.files.filter((f) => !items.some((i) => i.id === f.id)); // not sent, so not kept
    await this.add(items, async () => [
      ...(await Promise.all(silent.map((f) => this.vault.row("files", f.id, null)))),
      await this.vault.row("drafts", place, null),
      await this.vault.row("local", place, local),
    ]);
    this.vault.drafts.delete(place);
    this.vault.local.set(place, local);
    this.vault.changed(["queue", "drafts", "local"]);
  }

  /** Something else that is sent; `place`: the one that it claims something of. */
  async act(item: Fresh, place: Id | null): Promise<void> {
    const { kinds } = this.vault;
    const local = place && claimed(kinds, this.vault.local.get(place), place, [item]);
    await this.add([item], async () => (local ? [await this.vault.row("local", place, local)] : []));
    if (local) this.vault.local.set(place, local);
    this.vault.changed(["queue", "local"]);
  }

  /** The items, from the first, whose numbers follow one another: as many as one request may carry. */
  next(most: number, bytes: number): Item[] {
    const batch: Item[] = [];
    let room = bytes;
    for (const item of this.vault.queue) {
      room -= new Blob([JSON.stringify(item)]).size + 1;
      if (batch.length === most || (batch.length && (room < 0 || item.n !== batch.at(-1)!.n + 1))) break;
      batch.push(item);
    }
    return batch;
  }

  /** The server counts differently from this phone: everything that waits gets new numbers, in the same order. */
  renumber(from: number): Promise<void> {
    return this.vault.inTurn(async () => {
      for (;;) {
        await this.vault.load(["queue"]); // another tab may have added some
        const old = this.vault.queue;
        const was = await this.vault.lastNumber();
        const numbered = old.map((item, i) => ({ ...item, n: from + i }));
        const taken = new Set(numbered.map((i) => i.n));
        const rows: Row[] = old.filter((i) => !taken.has(i.n)).map((i) => ({ store: "queue", name: i.n, bytes: null }));
        if (
          !(await this.vault.write([...rows, ...(await this.rows(numbered))], { was, becomes: from + old.length - 1 }))
        )
          continue;
        this.vault.queue = numbered;
        this.vault.changed(["queue"]);
        return;
      }
    });
  }

  private rows(items: Item[]): Promise<Row[]> {
    return Promise.all(
      items.map(async (item): Promise<Row> => ({
        store: "queue",
        name: item.n,
        bytes: await this.vault.sealed.seal("queue", item.n, item),
      })),
    );
  }
}
