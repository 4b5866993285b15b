/**
 * The file of what is unsent, for a phone that can no longer send: carried to the office by hand and opened there on
 * another phone or PC, signed in as the same member, with this phone's PIN (docs/howto/field-recovery.md). Sealed under
 * the PIN alone, so it is to be deleted once it has been read in: six digits keep out a finder, not somebody with a
 * computer and a day.
 */
import type { Desk } from "./desk";
import { base64, fromBase64, fromUtf8, pinKey, seal, unseal, utf8 } from "./seal";
import { SAYS, Told } from "./says";
import type { Draft, Held, Item } from "./types";

export const FORMAT = "binhan-field-unsent";
const CONTEXT = `${FORMAT}|1`;
interface Envelope {
  format: string;
  version: number;
  made_at: string;
  kdf: "PBKDF2-SHA256";
  iterations: number;
  salt: string;
  sealed: string;
}
type Keeper = Pick<Desk, "vault" | "card" | "files" | "queue" | "drafts">;
interface Unsent {
  member: string;
  device: string;
  ward: number;
  items: Item[];
  held: Held[];
  drafts: Draft[];
  files: { id: string; mime: string; base64: string }[];
}

export async function exportUnsent(desk: Keeper): Promise<Blob> {
  const { vault, card } = desk;
  const drafts = [...vault.drafts.values()].map((k) => k.draft);
  const items = [...vault.queue, ...vault.held.map((h) => h.item)];
  const ids = [
    ...items.filter((i) => vault.kinds.isFile(i)).map((i) => i.id),
    ...drafts.flatMap((d) => d.files.map((f) => f.id)),
  ];
  const files: Unsent["files"] = [];
  for (const id of new Set(ids)) {
    const blob = await desk.files.get(id);
    if (blob) files.push({ id, mime: blob.type, base64: base64(new Uint8Array(await blob.arrayBuffer())) });
  }
  const unsent: Unsent = {
    member: card.id,
    device: card.device,
    ward: vault.state.ward.id,
    items: vault.queue,
    held: vault.held,
    drafts,
    files,
  };
  const { key, salt, iterations } = vault.opened.pin;
  const sealed = base64(await seal(key, utf8(JSON.stringify(unsent)), CONTEXT));
  const envelope: Envelope = {
    format: FORMAT,
    version: 1,
    made_at: new Date().toISOString(),
    kdf: "PBKDF2-SHA256",
    iterations,
    salt: base64(salt),
    sealed,
  };
  return new Blob([JSON.stringify(envelope)], { type: "application/json" });
}

/**
 * Into the queue of this device, in the old order, behind what is there; what is there already is left. Returns how
 * many items came.
 */
export async function importUnsent(desk: Keeper, file: Blob, pin: string): Promise<number> {
  const unsent = await opened(file, pin);
  if (unsent.member !== desk.card.id) throw new Told(SAYS.otherMember);
  for (const f of unsent.files) await desk.files.put(f.id, new Blob([fromBase64(f.base64)], { type: f.mime }));
  const here = new Set([...desk.vault.queue, ...desk.vault.held.map((h) => h.item)].map((i) => i.id));
  const items = [...unsent.held.map((h) => h.item), ...unsent.items]
    .filter((i) => !here.has(i.id))
    .sort((a, b) => a.n - b.n);
  await desk.queue.add(items.map(({ kind, id, at, body }) => ({ kind, id, at, body })));
  for (const draft of unsent.drafts)
    if (!desk.vault.drafts.has(desk.vault.kinds.placeOf(draft))) await desk.drafts.keep(draft);
  return items.length;
}

async function opened(file: Blob, pin: string): Promise<Unsent> {
  try {
    const envelope = JSON.parse(await file.text()) as Envelope;
    if (envelope.format !== FORMAT) throw new Error("another file");
    const key = await pinKey(pin, fromBase64(envelope.salt), envelope.iterations);
    return JSON.parse(fromUtf8(await unseal(key, fromBase64(envelope.sealed), CONTEXT))) as Unsent;
  } catch {
    throw new Told(SAYS.notExport);
  }
}
