/**
 * The phone's database. Everything but counts and random ids is sealed (sealed.ts): a row's key is [vault, name], where
 * the name is a keyed digest or a number, so that nothing plain names a place or a person.
 */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";

export type Bytes = Uint8Array<ArrayBuffer>;
/**
 * One member's vault: what is needed to try a PIN. `card` is sealed by the device key and read before the PIN is given.
 */
export interface VaultRow {
  salt: Bytes;
  iterations: number;
  wrapped: Bytes;
  card: Bytes;
  tries: number;
  waitUntil: number;
}
export type Name = string | number;
export type RowStore = "docs" | "drafts" | "queue" | "held" | "local" | "files" | "state";
type Rows = { key: [string, Name]; value: Bytes };
export interface Schema extends DBSchema {
  vaults: { key: string; value: VaultRow };
  keys: { key: string; value: CryptoKey };
  counts: { key: string; value: number }; // the number last given to an item of this vault
  // Device id → how much was unsent when it was wiped by order; until the office knows.
  reports: { key: string; value: number };
  docs: Rows;
  drafts: Rows;
  queue: Rows;
  held: Rows;
  local: Rows;
  files: Rows;
  state: Rows;
}
export type Db = IDBPDatabase<Schema>;

export const DB_NAME = "binhan-field";
export const ROW_STORES: RowStore[] = ["docs", "drafts", "queue", "held", "local", "files", "state"];
/** One entry for each version of the layout, in order; an entry that has gone out to phones is never edited. */
export const MIGRATIONS: ((db: Db) => void)[] = [
  (db) => {
    for (const name of ["vaults", "keys", "counts", "docs", "drafts", "queue", "held", "state"] as const)
      db.createObjectStore(name);
  },
  (db) => {
    for (const name of ["local", "files", "reports"] as const) db.createObjectStore(name);
  },
];

/** Open it, bringing an older layout up to date. `outdated` is called when a newer page wants to change the layout. */
export async function openField(
  name = DB_NAME,
  outdated: () => Promise<unknown> = async () => undefined,
  migrations = MIGRATIONS,
): Promise<Db> {
  const db = await openDB<Schema>(name, migrations.length, {
    upgrade(opened, from) {
      for (const migrate of migrations.slice(from)) migrate(opened);
    },
    blocking() {
      void outdated().finally(() => db.close());
    },
  });
  return db;
}

/** All rows of one vault. */
export const ofVault = (vault: string) => IDBKeyRange.bound([vault], [vault, []]);

/** Erase a vault: its key first, so that what is not yet deleted can no longer be read. */
export async function eraseVault(db: Db, vault: string): Promise<void> {
  const key = db.transaction("vaults", "readwrite", { durability: "strict" });
  await key.store.delete(vault);
  await key.done;
  const tx = db.transaction(["counts", ...ROW_STORES], "readwrite", { durability: "strict" });
  await tx.objectStore("counts").delete(vault);
  for (const store of ROW_STORES) await tx.objectStore(store).delete(ofVault(vault));
  await tx.done;
}

export function isFull(error: unknown): boolean {
  return (error as { name?: string } | null)?.name === "QuotaExceededError";
}

/** How much room this site has and uses, and whether the browser promised to keep it. */
export async function measured(): Promise<{ used: number; quota: number; persisted: boolean } | null> {
  try {
    const [estimate, persisted] = await Promise.all([navigator.storage.estimate(), navigator.storage.persisted()]);
    return { used: estimate.usage ?? 0, quota: estimate.quota ?? 0, persisted };
  } catch {
    return null; // an older browser does not say
  }
}
