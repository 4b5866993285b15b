/** The marks on a card: everything that must change how an officer acts. Pure. */
import type { Incident } from "../../contract/types";
import { ageS } from "./queue";
import { either, t, tCode } from "./speech";

export interface Tag {
  kind: "silent" | "duress" | "cancel" | "outside" | "drill" | "level" | "repeats" | "many";
  text: string;
}

export function tagsOf(i: Incident): Tag[] {
  const tags: Tag[] = [];
  if (i.drill) tags.push({ kind: "drill", text: t("drill") });
  if (i.duress) tags.push({ kind: "duress", text: t("duress") });
  if (i.silent) tags.push({ kind: "silent", text: t("silent") });
  if (i.cancel_requested_at) tags.push({ kind: "cancel", text: t("cancelled") });
  if (i.outside) tags.push({ kind: "outside", text: t("outside") });
  if (i.level > 0) tags.push({ kind: "level", text: t("level", { n: i.level }) });
  if (i.one_source) tags.push({ kind: "many", text: t("oneSource", { n: i.repeats }) });
  else if (i.repeats > 0) tags.push({ kind: "repeats", text: t("repeats", { n: i.repeats }) });
  return tags;
}

export function ago(seconds: number | null): string {
  return seconds === null
    ? ""
    : seconds < 120
      ? t("ago", { s: seconds })
      : t("agoMin", { m: Math.floor(seconds / 60) });
}

/** "±35 m, 12 giây trước", "tại Chợ Mẫu", or that nothing is known. */
export function placeLine(i: Incident, now: number): string {
  const parts: string[] = [];
  if (i.place_name || i.place_code) parts.push(t("atPlace", { place: i.place_name ?? i.place_code ?? "" }));
  if (i.lat !== null && i.location_source === "desk") parts.push(t("byDesk"));
  else if (i.lat !== null && i.location_source === "gps") {
    parts.push(i.accuracy_m === null ? t("hasPosition") : t("accuracy", { m: Math.round(i.accuracy_m) }));
    if (i.located_at) parts.push(ago(ageS(i.located_at, now)));
  }
  return parts.join(", ") || t("noPlace");
}

export const kindName = (i: Incident) => either(i.kind_name) || tCode("", i.kind);
