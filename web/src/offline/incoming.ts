/**
 * Asks for the documents of what was chosen and applies what comes, a hundred at a time, so that the screen goes on
 * living. What was applied counts: the next time the phone says what it has, and gets only the rest.
 */
import { Refusal, Unreachable } from "../live/http";
import { arrivedIds, settleLocals } from "./answers";
import { SCHEMA } from "./outgoing";
import type { OpenVault } from "./store";
import type { Doc, Id } from "./types";
import type { Wire } from "./wire";

const CHUNK = 100;
type Line = {
  start?: { at: string; documents: number; bytes: number };
  end?: { sent: number; gone: string[] };
} & Partial<Doc>;
export interface Receiving {
  vault: OpenVault;
  wire: Wire;
  device: string;
  signal: AbortSignal;
  progress(done: number, of: number): void;
  heard(server_time: string, sentAt: number): void;
}
export class Full extends Error {}

/** Returns how many documents changed. Throws Unreachable when the stream was cut, Full when there is no more room. */
export async function receive(r: Receiving, chosen: Id[]): Promise<number> {
  try {
    return await ask(r, chosen, digests(r.vault));
  } catch (error) {
    if (!(error instanceof Refusal) || error.problem.status !== 422) throw error;
    return ask(r, chosen, {}); // a server that does not understand what this phone has: everything again
  }
}

async function ask(r: Receiving, chosen: Id[], have: Record<string, string>): Promise<number> {
  const asked = Date.now();
  const before = await arrivedIds(r.vault);
  const body = { device: r.device, schema: SCHEMA, turfs: chosen, have };
  let waiting: Doc[] = [];
  let of = 0;
  let done = 0;
  let end: Line["end"];
  const apply = async () => {
    const chunk = waiting;
    waiting = [];
    if (chunk.length && !(await r.vault.putDocs(chunk))) throw new Full();
    r.progress((done += chunk.length), Math.max(of, done));
  };
  for await (const text of r.wire.lines("/field/sync", {
    body,
    token: r.vault.state.token,
    device: r.device,
    signal: r.signal,
  })) {
    const line = parse(text);
    if (line?.start) {
      of = line.start.documents;
      r.heard(line.start.at, asked);
    } else if (line?.end) end = line.end;
    else if (line?.kind && line.id && line.digest && line.body)
      waiting.push({ kind: line.kind, id: line.id, digest: line.digest, body: line.body });
    if (waiting.length >= CHUNK) await apply();
  }
  await apply();
  if (!end) throw new Unreachable("the stream was cut");
  const gone = (end.gone ?? []).filter((key) => !beingWritten(r.vault, key));
  await r.vault.dropDocs(gone);
  await settleLocals(r.vault, before);
  return done + gone.length;
}

/**
 * A place at which something was begun stays, though it is somebody else's by now, until that is sent or dropped: else
 * nobody could get at it.
 */
function beingWritten(vault: OpenVault, key: string): boolean {
  const cut = key.indexOf("/");
  return vault.kinds.isPlace(key.slice(0, cut)) && vault.drafts.has(key.slice(cut + 1));
}

export function digests(vault: OpenVault): Record<string, string> {
  const have: Record<string, string> = {};
  for (const [kind, docs] of vault.docs) for (const [id, doc] of docs) have[`${kind}/${id}`] = doc.digest;
  return have;
}

/** A line that was cut in the middle, or that this version cannot read, is passed over. */
function parse(text: string): Line | null {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return null;
  }
}
