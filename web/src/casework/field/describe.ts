/** What was typed, in words, for somebody who has to decide what becomes of it. Pure but for the names it looks up. */
import type { FieldT } from "../../i18n/field";
import { short } from "./times";
import type { EditField, EditValue, Id, Item, Items, Named, Session } from "./types";

const named = (list: Named[] | undefined, code: string, lang: "vi" | "en"): string => {
  const found = list?.find((n) => n.code === code);
  return found ? (lang === "en" && found.en) || found.vi : code;
};

/** A door's value as it is shown: never a bare code. */
export function valueWords(session: Session, t: FieldT, lang: "vi" | "en", field: EditField, value: EditValue): string {
  const codes = session.all("codes")[0]?.body;
  if (value === null || value === "") return t("empty");
  if (field === "kind") return named(codes?.door_kinds, String(value), lang);
  if (field === "best_time") return named(codes?.best_times, String(value), lang);
  if (typeof value === "object") return `${value.lat.toFixed(5)}, ${value.lon.toFixed(5)}`;
  return String(value);
}

/** The door that an item is about, found through its visit or issue where it has none of its own. */
export function doorOf(session: Session, item: Item): Id | null {
  const body = item.body as { dwelling?: Id; visit?: Id; issue?: Id; subject?: Id; conflict?: Id };
  if (body.dwelling) return body.dwelling;
  if (body.issue) return session.get("issue", body.issue)?.dwelling ?? null;
  if (body.conflict) return session.get("conflict", body.conflict)?.dwelling ?? null;
  const visit = body.visit ?? body.subject;
  const of = [...session.unsentItems, ...session.held.map((h) => h.item)].find((i) => i.id === visit);
  return of && of !== item ? doorOf(session, of) : null;
}

/** Lines that say what I did. */
export function itemWords(session: Session, t: FieldT, lang: "vi" | "en", item: Item): string[] {
  const codes = session.all("codes")[0]?.body;
  switch (item.kind) {
    case "visit": {
      const v = item.body as Items["visit"];
      return [
        t("iVisit", { o: t(`o_${v.outcome}`) }),
        v.come_back_at ? t("backAt", { t: short(v.come_back_at, lang) }) : "",
        v.note ?? "",
      ].filter(Boolean);
    }
    case "issue": {
      const i = item.body as Items["issue"];
      return [
        t("iIssue", { k: named(codes?.kinds, i.kind, lang) }),
        i.words ?? "",
        i.answer ? `${t("answerIs")} ${i.answer}` : "",
      ].filter(Boolean);
    }
    case "issue_verb": {
      const v = item.body as Items["issue_verb"];
      return [
        t("iTell", { how: named(codes?.channels, v.channel ?? "", lang) }),
        session.get("issue", v.issue)?.words ?? "",
      ].filter(Boolean);
    }
    case "edit": {
      const e = item.body as Items["edit"];
      return [t("iEdit", { f: t(`e_${e.field}`), v: valueWords(session, t, lang, e.field, e.value) })];
    }
    case "settle":
      return [t("iSettle")];
    case "answers":
      return [t("iAnswers")];
    case "file":
      return [t(`iFile_${(item.body as Items["file"]).kind}`)];
    case "appointment":
      return [t("iAppointment", { t: short((item.body as Items["appointment"]).from_at, lang) })];
  }
}
