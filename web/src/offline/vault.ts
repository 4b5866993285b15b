/**
 * Whose data is on this phone, and the way in. Each member has a vault with a random data key, wrapped by the PIN and
 * by a device key that cannot be read out: a copied PIN alone opens nothing, nor does a copied database alone. A try is
 * counted, durably, before it is made; killing the page in the middle of one gains nothing.
 */
import { eraseVault, ofVault, type Bytes, type Db, type VaultRow } from "./db";
import { deviceKey, fromUtf8, ITERATIONS, pinKey, random, seal, unseal, utf8, vaultKeys, type Keys } from "./seal";

export interface PinRules {
  digits: number;
  tries: number;
  idle_s: number;
}
/**
 * What is known before the PIN is given. `digits`: how many this PIN has, whatever the ward has ruled since it was
 * chosen.
 */
export interface Card {
  id: string;
  name: string;
  device: string;
  ward: string;
  demo: boolean;
  lastAt: string | null;
  pin: PinRules;
  digits?: number;
}
export const digitsOf = (card: Card): number => card.digits ?? card.pin.digits;
export interface Listed {
  vault: string;
  card: Card;
  unsent: number;
  drafts: number;
}
/** An opened vault. The PIN's key stays while it is open, for the sealed file of what is unsent. */
export interface Opened {
  vault: string;
  keys: Keys;
  pin: { key: CryptoKey; salt: Bytes; iterations: number };
}
export type Try = { ok: true; opened: Opened } | { ok: false; left: number; wiped: boolean; wait_s: number };

class NoVault extends Error {}
/** The card does not open: sealed under a device key that is no more, damaged, or erased in another tab just now. */
const lost = (error: unknown) =>
  error instanceof NoVault ||
  error instanceof SyntaxError ||
  (error as { name?: string } | null)?.name === "OperationError";

const FREE = 3;
const FIRST_WAIT_S = 30;
const LONGEST_WAIT_S = 900;
/** How long to wait after the so-many-th wrong PIN. */
export function waitAfter(tries: number): number {
  return tries < FREE ? 0 : Math.min(FIRST_WAIT_S * 2 ** (tries - FREE), LONGEST_WAIT_S);
}

export class Vaults {
  private device: Promise<CryptoKey> | undefined;

  constructor(
    private readonly db: Db,
    private readonly iterations = ITERATIONS,
    private readonly now = () => Date.now(),
  ) {}

  /** Vaults whose card this phone can read; one whose device key is gone can never be opened again and is erased. */
  async list(): Promise<Listed[]> {
    const listed: Listed[] = [];
    for (const vault of await this.db.getAllKeys("vaults")) {
      const card = await this.card(vault).catch((error: unknown) => {
        if (lost(error)) return null;
        throw error; // a storage that fails just now is no reason to erase anything
      });
      if (card)
        listed.push({
          vault,
          card,
          unsent: (await this.rows("queue", vault)) + (await this.rows("held", vault)),
          drafts: await this.rows("drafts", vault),
        });
      else await eraseVault(this.db, vault);
    }
    return listed;
  }

  async create(card: Card, pin: string): Promise<Opened> {
    const vault = crypto.randomUUID();
    const raw = random(32);
    const salt = random(16);
    const key = await pinKey(pin, salt, this.iterations);
    const row: VaultRow = {
      salt,
      iterations: this.iterations,
      wrapped: await this.wrap(vault, raw, key),
      card: await this.sealCard(vault, card),
      tries: 0,
      waitUntil: 0,
    };
    await this.put(vault, row);
    const keys = await vaultKeys(raw);
    raw.fill(0);
    return { vault, keys, pin: { key, salt, iterations: this.iterations } };
  }

  async unlock(vault: string, pin: string): Promise<Try> {
    const tried = await this.try(vault, pin);
    if (!("raw" in tried)) return tried;
    const keys = await vaultKeys(tried.raw);
    tried.raw.fill(0);
    return { ok: true, opened: { vault, keys, pin: tried.pin } };
  }

  /** A new PIN wraps the same data key; nothing else changes. Null when the old one was wrong. */
  async changePin(vault: string, old: string, next: string): Promise<Opened["pin"] | Exclude<Try, { ok: true }>> {
    const tried = await this.try(vault, old);
    if (!("raw" in tried)) return tried;
    const salt = random(16);
    const key = await pinKey(next, salt, this.iterations);
    const wrapped = await this.wrap(vault, tried.raw, key);
    tried.raw.fill(0);
    // With it, or it could not be typed again.
    const card = await this.sealCard(vault, { ...(await this.card(vault)), digits: next.length });
    await this.put(vault, { ...(await this.row(vault)), salt, iterations: this.iterations, wrapped, card });
    return { key, salt, iterations: this.iterations };
  }

  async saveCard(vault: string, card: Card): Promise<void> {
    const sealed = await this.sealCard(vault, card);
    const tx = this.db.transaction("vaults", "readwrite");
    const row = await tx.store.get(vault);
    if (row) await tx.store.put({ ...row, card: sealed }, vault);
    await tx.done;
  }

  private async try(
    vault: string,
    pin: string,
  ): Promise<{ raw: Bytes; pin: Opened["pin"] } | Exclude<Try, { ok: true }>> {
    const limit = (await this.card(vault)).pin.tries;
    const counted = await this.count(vault, limit);
    if ("wait_s" in counted) return { ok: false, left: counted.left, wiped: false, wait_s: counted.wait_s };
    if (counted.tries > limit) return this.wiped(vault);
    const { salt, iterations, wrapped } = counted;
    const key = await pinKey(pin, salt, iterations);
    const raw = await this.unwrap(vault, wrapped, key).catch(() => null);
    if (!raw)
      return counted.tries >= limit
        ? this.wiped(vault)
        : { ok: false, left: limit - counted.tries, wiped: false, wait_s: waitAfter(counted.tries) };
    await this.put(vault, { ...(await this.row(vault)), tries: 0, waitUntil: 0 });
    return { raw, pin: { key, salt, iterations } };
  }

  /** Count this try, on the disk, before it is made – or say how long to wait. */
  private async count(vault: string, limit: number): Promise<VaultRow | { wait_s: number; left: number }> {
    const tx = this.db.transaction("vaults", "readwrite", { durability: "strict" });
    const row = await tx.store.get(vault);
    if (!row) throw new NoVault("no such vault");
    const longest = waitAfter(row.tries) * 1000;
    const now = this.now();
    const left = Math.min(row.waitUntil - now, longest); // a clock set back does not make the wait longer than it was
    if (left > 0 && row.tries < limit) {
      await tx.store.put({ ...row, waitUntil: now + left }, vault);
      await tx.done;
      return { wait_s: Math.ceil(left / 1000), left: limit - row.tries };
    }
    const counted = { ...row, tries: row.tries + 1, waitUntil: now + waitAfter(row.tries + 1) * 1000 };
    await tx.store.put(counted, vault);
    await tx.done;
    return counted;
  }

  private async wiped(vault: string): Promise<Exclude<Try, { ok: true }>> {
    await eraseVault(this.db, vault);
    return { ok: false, left: 0, wiped: true, wait_s: 0 };
  }

  private async wrap(vault: string, raw: Bytes, pin: CryptoKey): Promise<Bytes> {
    return seal(await this.key(), await seal(pin, raw, `pin|${vault}`), `device|${vault}`);
  }

  private async unwrap(vault: string, wrapped: Bytes, pin: CryptoKey): Promise<Bytes> {
    return unseal(pin, await unseal(await this.key(), wrapped, `device|${vault}`), `pin|${vault}`);
  }

  private async sealCard(vault: string, card: Card): Promise<Bytes> {
    return seal(await this.key(), utf8(JSON.stringify(card)), `card|${vault}`);
  }

  private async card(vault: string): Promise<Card> {
    return JSON.parse(fromUtf8(await unseal(await this.key(), (await this.row(vault)).card, `card|${vault}`))) as Card;
  }

  private async row(vault: string): Promise<VaultRow> {
    const row = await this.db.get("vaults", vault);
    if (!row) throw new NoVault("no such vault");
    return row;
  }

  private async put(vault: string, row: VaultRow): Promise<void> {
    const tx = this.db.transaction("vaults", "readwrite", { durability: "strict" });
    await tx.store.put(row, vault);
    await tx.done;
  }

  private rows(store: "queue" | "held" | "drafts", vault: string): Promise<number> {
    return this.db.count(store, ofVault(vault));
  }

  private key(): Promise<CryptoKey> {
    return (this.device ??= this.makeKey().catch((error: unknown) => {
      this.device = undefined; // read anew the next time
      throw error;
    }));
  }

  private async makeKey(): Promise<CryptoKey> {
    const kept = await this.db.get("keys", "device");
    if (kept) return kept;
    const made = await deviceKey();
    const tx = this.db.transaction("keys", "readwrite", { durability: "strict" });
    const other = await tx.store.get("device"); // another tab was faster
    if (!other) await tx.store.put(made, "device");
    await tx.done;
    return other ?? made;
  }
}
