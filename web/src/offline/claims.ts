/**
 * What this phone knows of a place beyond the ward's documents: a row of slots, one for each noun that claims anything.
 */
import type { Claim, Kinds, PhoneClaim } from "./kinds";
import type { Fresh, Id } from "./types";

/** The place, and the slots by name. */
export type Local = Record<string, unknown>;

const slotOf = (local: Local, claim: PhoneClaim) => local[claim.slot] ?? claim.none;

/** The row once these items are made. */
export function claimed(kinds: Kinds, known: Local | undefined, place: Id, items: Fresh[]): Local {
  const local: Local = { ...(known ? structuredClone(known) : kinds.nothingOf(place)) };
  for (const claim of kinds.claims) local[claim.slot] ??= structuredClone(claim.none);
  for (const item of items) {
    const claim = kinds.item(item.kind)?.claim;
    if (claim) local[claim.slot] = claim.made(slotOf(local, claim), item);
  }
  return local;
}

/** Those of the rows in which something changes, changed; null takes a claim out. */
export function changed(kinds: Kinds, locals: Iterable<Local>, change: (claim: Claim) => Claim | null): Local[] {
  return [...locals].map((local) => changedIn(kinds, local, change)).filter((local) => local !== null);
}

function changedIn(kinds: Kinds, local: Local, change: (claim: Claim) => Claim | null): Local | null {
  let moved = false;
  const watched = (claim: Claim) => {
    const next = change(claim);
    if (next !== claim) moved = true;
    return next;
  };
  const next = { ...local };
  for (const claim of kinds.claims) next[claim.slot] = claim.each(slotOf(local, claim), watched);
  return moved ? next : null;
}

export function claimsOf(kinds: Kinds, local: Local): Claim[] {
  const found: Claim[] = [];
  for (const claim of kinds.claims)
    claim.each(slotOf(local, claim), (one) => {
      found.push(one);
      return one;
    });
  return found;
}

/** A document of a place as this phone shows it. */
export function shown(kinds: Kinds, local: Local | undefined, kind: string, body: object): object {
  if (!local) return body;
  return kinds.claims
    .filter((claim) => claim.shown?.kind === kind)
    .reduce((now, claim) => claim.shown!.over(now, slotOf(local, claim)), body);
}
