/** What was typed, in words, for somebody who has to decide what becomes of it. Pure but for the names it looks up. */
import type { FieldT } from "../../i18n/field";
import type { Documents, Tell } from "../../offline/kinds";
import { wordsOf } from "./phone";
import { PHONES } from "./phones";
import { short } from "./times";
import type { EditField, EditValue, Id, Item, Kind, Named, Session } from "./types";

const documentsOf = (session: Session): Documents => ({
  get: <B extends object>(kind: string, id: Id) => session.get(kind as Kind, id) as object | null as B | null,
  all: <B extends object>(kind: string) =>
    session.all(kind as Kind) as { id: Id; body: object }[] as { id: Id; body: B }[],
});

function tell(session: Session, t: FieldT, lang: "vi" | "en"): Tell {
  return {
    t,
    documents: documentsOf(session),
    when: (at) => short(at, lang),
    named(list, code) {
      const lists = (session.all("codes")[0]?.body ?? {}) as Partial<Record<string, Named[]>>;
      const found = lists[list]?.find((n) => n.code === code);
      return found ? (lang === "en" && found.en) || found.vi : code;
    },
  };
}

/** A door's value as it is shown: never a bare code. */
export function valueWords(session: Session, t: FieldT, lang: "vi" | "en", field: EditField, value: EditValue): string {
  return wordsOf(field, value, tell(session, t, lang));
}

/** The door that an item is about, found through what it hangs on where it has none of its own. */
export function doorOf(session: Session, item: Item): Id | null {
  const others = [...session.unsentItems, ...session.held.map((h) => h.item)];
  return PHONES.placeOfItem(item, documentsOf(session), others);
}

/** Lines that say what I did. */
export function itemWords(session: Session, t: FieldT, lang: "vi" | "en", item: Item): string[] {
  return PHONES.item(item.kind)?.words(item.body, tell(session, t, lang)) ?? [item.kind];
}
