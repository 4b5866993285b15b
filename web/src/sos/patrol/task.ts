/** A crew's task as a pure table: what the next button does, and how long an offer still lasts. */
import type { Assignment, ChatLine } from "../../contract/types";

export const NEXT = { offered: "accept", accepted: "depart", en_route: "arrive", on_scene: "finish" } as const;
export type Active = keyof typeof NEXT;
export const AFTER: Record<string, Active | "done" | "declined"> = {
  accept: "accepted",
  depart: "en_route",
  arrive: "on_scene",
  finish: "done",
  decline: "declined",
};
const ORDER = ["on_scene", "en_route", "accepted", "offered"];

/** Seconds until the offer passes on, by the server's clock (`skewMs` = server minus phone). */
export function secondsLeft(expires: string | null, skewMs: number, now: number): number {
  return expires ? Math.max(0, Math.ceil((Date.parse(expires) - (now + skewMs)) / 1000)) : 0;
}

/** The list with what this phone has pressed but not yet sent laid over it. */
export function overlay(items: Assignment[], pending: { path: string; body: unknown }[]): Assignment[] {
  const shown = items.map((item) => {
    const verbs = pending
      .map((v) => /\/assignments\/([^/]+)\/(\w+)$/.exec(v.path))
      .filter((m) => m?.[1] === item.id)
      .map((m) => m![2]!);
    const state = verbs.reduce<string>((s, v) => AFTER[v] ?? s, item.state);
    return { ...item, state: state as Assignment["state"] };
  });
  return shown.filter((a) => a.state in NEXT).sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
}

/** The offer to be answered now: the newest. An older one has been offered to somebody else too, or soon will be. */
export function topOffer(tasks: Assignment[]): Assignment | undefined {
  return tasks
    .filter((a) => a.state === "offered")
    .reduce<Assignment | undefined>((top, a) => (top && top.offered_at >= a.offered_at ? top : a), undefined);
}

/** True when the refused verb's aim is already the state: it was done, and only its answer got lost on the way. */
export function isSo(path: string, state: string | undefined): boolean {
  const verb = /\/assignments\/[^/]+\/(\w+)$/.exec(path)?.[1];
  return verb !== undefined && state !== undefined && AFTER[verb] === state;
}

/** What was written to the chat of one incident and not yet sent. */
export function saidTo(incident: string, pending: { at: string; path: string; body: unknown }[]): ChatLine[] {
  return pending
    .filter((v) => v.path === `/incidents/${incident}/messages`)
    .map((v) => {
      const { id, text } = v.body as { id: string; text: string };
      return { id, at: v.at, by: "desk", by_name: "", text, other: false };
    });
}

/** Which of eight directions a bearing means. */
export function compass(degrees: number): `n${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7}` {
  return `n${(Math.round(degrees / 45) % 8) as 0}`;
}
