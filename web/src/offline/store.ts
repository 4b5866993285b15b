/**
 * An opened vault: all of one member's things in memory, and each change of them on the disk in one transaction.
 * When the disk is full, documents (the server has them) make room for what was typed (nobody else has it).
 */
import type { Local } from "./claims";
import { isFull, ofVault, type Bytes, type Db, type Name, type RowStore } from "./db";
import type { Begun, Kinds } from "./kinds";
import { Sealed } from "./sealed";
import type { Budget, Doc, Draft, Held, Id, Item } from "./types";
import type { Opened, PinRules } from "./vault";

/** `bases`: what stood there when a field was first touched; `v`: the shape of the draft. */
export interface KeptDraft {
  v: number;
  draft: Draft;
  bases: Begun;
}
export interface State {
  token: string;
  chosen: Id[];
  before: Id[] | null;
  budget: Budget;
  ward: { id: number; code: string; name: string };
  skewMs: number;
  lastAt: string | null;
  pin: PinRules;
}
/** One row to be written (null: deleted). */
export interface Row {
  store: RowStore;
  name: Name;
  bytes: Bytes | null;
}

const OPENING = 200;
const GIVEN_UP = 500;
const ROOM_AGAIN_MS = 5000;
const ALL: RowStore[] = ["docs", "drafts", "queue", "held", "local", "state"];

export class OpenVault {
  docs = new Map<string, Map<Id, Doc>>();
  drafts = new Map<Id, KeptDraft>();
  local = new Map<Id, Local>();
  queue: Item[] = [];
  held: Held[] = [];
  state!: State;
  /**
   * Rows of what was typed that could not be opened: damaged, or put in the wrong place. Documents of that kind just
   * come again.
   */
  damaged = 0;
  full = false;
  readonly sealed: Sealed;
  private gaveUpAt = 0;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    readonly db: Db,
    readonly opened: Opened,
    readonly kinds: Kinds,
    readonly changed: (what: RowStore[]) => void = () => undefined,
  ) {
    this.sealed = new Sealed(opened.vault, opened.keys);
  }

  get vault(): string {
    return this.opened.vault;
  }

  async load(stores: RowStore[] = ALL): Promise<void> {
    if (stores.includes("state")) for (const s of await this.read<State>("state")) this.state = s;
    if (stores.includes("docs")) this.docs = byKind(await this.read<Doc>("docs"));
    if (stores.includes("drafts"))
      this.drafts = new Map((await this.read<KeptDraft>("drafts")).map((d) => [this.kinds.placeOf(d.draft), d]));
    if (stores.includes("local"))
      this.local = new Map((await this.read<Local>("local")).map((l) => [this.kinds.placeOf(l), l]));
    if (stores.includes("queue")) this.queue = (await this.read<Item>("queue")).sort((a, b) => a.n - b.n);
    if (stores.includes("held")) this.held = (await this.read<Held>("held")).sort((a, b) => a.item.n - b.item.n);
  }

  /** One at a time: what reads, decides and writes must not meet another that does. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work, work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  async row(store: RowStore, plain: string, value: unknown): Promise<Row> {
    const name = await this.sealed.name(`${store}|${plain}`);
    return { store, name, bytes: value === null ? null : await this.sealed.seal(store, name, value) };
  }

  /**
   * All rows or none, on the disk when this returns. With `count`, only if the last number given is still `count.was`;
   * false when another tab has given numbers meanwhile. A full disk is answered by giving up documents.
   */
  async write(rows: Row[], count?: { was: number; becomes: number }): Promise<boolean> {
    for (;;) {
      try {
        const written = await this.put(rows, count);
        if (this.full) this.putBack();
        return written;
      } catch (error) {
        if (!isFull(error)) throw error;
        if (!this.full) queueMicrotask(() => this.changed(["local"])); // the screen is told
        this.full = true;
        if (!(await this.giveUpDocuments())) throw error;
      }
    }
  }

  saveState(changes: Partial<State>): Promise<void> {
    return this.inTurn(async () => {
      await this.load(["state"]); // another tab may have changed other parts of it
      this.state = { ...this.state, ...changes };
      await this.write([await this.row("state", "state", this.state)]);
      this.changed(["state"]);
    });
  }

  /** The number last given to an item. */
  async lastNumber(): Promise<number> {
    return Math.max((await this.db.get("counts", this.vault)) ?? 0, this.queue.at(-1)?.n ?? 0);
  }

  /** Documents in one transaction; false when there is no room for them. */
  async putDocs(docs: Doc[]): Promise<boolean> {
    const rows = await Promise.all(docs.map((d) => this.row("docs", `${d.kind}/${d.id}`, d)));
    try {
      await this.put(rows, undefined, "relaxed");
    } catch (error) {
      if (!isFull(error)) throw error;
      this.full = true;
      return false;
    }
    for (const d of docs) ofKind(this.docs, d.kind).set(d.id, d);
    return true;
  }

  /** Documents that had to make room go back on the disk, once there is some; true when all are there. */
  async restoreDocs(): Promise<boolean> {
    const kept = new Set((await this.db.getAllKeys("docs", ofVault(this.vault))).map(([, name]) => name));
    const all = [...this.docs.values()].flatMap((docs) => [...docs.values()]);
    const names = await Promise.all(all.map((d) => this.sealed.name(`docs|${d.kind}/${d.id}`)));
    const missing = all.filter((_, i) => !kept.has(names[i]!));
    for (let at = 0; at < missing.length; at += GIVEN_UP)
      if (!(await this.putDocs(missing.slice(at, at + GIVEN_UP)))) return false;
    return !(this.full = false);
  }

  /**
   * Without waiting for a network: a phone that is switched off now must have its documents when it is on again. Not at
   * once, or giving up and putting back would take turns at every keystroke.
   */
  private putBack(): void {
    if (Date.now() - this.gaveUpAt < ROOM_AGAIN_MS) return;
    this.gaveUpAt = Date.now();
    void this.restoreDocs().then(
      (all) => all && this.changed(["docs"]),
      () => undefined,
    );
  }

  async dropDocs(keys: string[]): Promise<void> {
    const rows = await Promise.all(keys.map((key) => this.row("docs", key, null)));
    if (rows.length) await this.put(rows, undefined, "relaxed");
    for (const key of keys) {
      const cut = key.indexOf("/");
      this.docs.get(key.slice(0, cut))?.delete(key.slice(cut + 1));
    }
  }

  private async put(
    rows: Row[],
    count?: { was: number; becomes: number },
    durability: "strict" | "relaxed" = "strict",
  ): Promise<boolean> {
    if (!rows.length) return true;
    const stores = [...new Set(rows.map((r) => r.store))];
    const tx = this.db.transaction(count ? ["counts", ...stores] : stores, "readwrite", { durability });
    const done = tx.done;
    done.catch(() => undefined); // it is awaited below; a failing request may be noticed first
    if (count) {
      const counts = tx.objectStore("counts");
      if (((await counts.get(this.vault)) ?? 0) > count.was) {
        tx.abort();
        return false;
      }
      void counts.put(count.becomes, this.vault).catch(() => undefined);
    }
    try {
      for (const { store, name, bytes } of rows) {
        const kept = tx.objectStore(store);
        void (bytes ? kept.put(bytes, [this.vault, name]) : kept.delete([this.vault, name])).catch(() => undefined);
      }
    } catch (error) {
      tx.abort(); // all or nothing
      throw error;
    }
    await done;
    return true;
  }

  private async giveUpDocuments(): Promise<boolean> {
    this.gaveUpAt = Date.now();
    const keys = await this.db.getAllKeys("docs", ofVault(this.vault), GIVEN_UP);
    if (!keys.length) return false;
    const tx = this.db.transaction("docs", "readwrite");
    for (const key of keys) void tx.store.delete(key);
    await tx.done;
    return true;
  }

  async read<T>(store: RowStore): Promise<T[]> {
    const read: T[] = [];
    let damaged = 0;
    let range = ofVault(this.vault);
    for (;;) {
      // in pages, so that the screen goes on living
      const tx = this.db.transaction(store);
      const [keys, values] = await Promise.all([tx.store.getAllKeys(range, OPENING), tx.store.getAll(range, OPENING)]);
      for (const value of await Promise.all(
        keys.map((key, i) => this.sealed.open<T>(store, key[1], values[i]!).catch(() => null)),
      )) {
        if (value === null) damaged++;
        else read.push(value);
      }
      if (keys.length < OPENING) break;
      range = IDBKeyRange.bound(keys.at(-1)!, [this.vault, []], true);
    }
    if (store !== "docs") this.damaged = Math.max(this.damaged, damaged);
    return read;
  }
}

export function ofKind(docs: OpenVault["docs"], kind: string): Map<Id, Doc> {
  let found = docs.get(kind);
  if (!found) docs.set(kind, (found = new Map()));
  return found;
}

function byKind(list: Doc[]): OpenVault["docs"] {
  const docs: OpenVault["docs"] = new Map();
  for (const d of list) ofKind(docs, d.kind).set(d.id, d);
  return docs;
}
