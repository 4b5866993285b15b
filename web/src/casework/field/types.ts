/**
 * What the field app is handed, what it sends, and what its screens may ask of the session: the types of all nouns, put
 * together from their own. Nothing here decides anything, and a new noun changes nothing here.
 */
import type * as engine from "../../offline/types";
import type { Offer } from "../visits/phone";
import type { Nouns } from "./phones";

export type { Id, MemberCard, Named, Phase, SyncState } from "../../offline/types";
export type { AppointmentDoc, PromiseDoc } from "../appointments/phone";
export type { Asked, FormDoc } from "../forms/phone";
export type { Desk, IssueDoc, IssueDraft } from "../listening/phone";
export type { DoorState, Offer, Outcome, RoundDoc, TurfDoc, VisitClaim } from "../visits/phone";
export type { EditField, EditValue } from "./edits";
export type { ConflictDoc, FileKind, GroundDoc, NoticeDoc, Side } from "./phone";

/** What each noun says under that name; a noun that says nothing there has nothing of it. */
type Said<N, Part extends string> = N extends { types?: infer T }
  ? NonNullable<T> extends Record<Part, infer Its>
    ? Its
    : never
  : never;
/** All of them together. Two nouns that bring fields of one kind both have their say: a door, and its slip. */
type All<Part extends string> = (
  Said<Nouns, Part> extends infer Its ? (Its extends unknown ? (its: Its) => void : never) : never
) extends (all: infer Together) => void
  ? Together
  : never;

export type Docs = All<"docs">;
export type Items = All<"items">;
export type Draft = All<"draft">;
export type FileDraft = engine.FileOf<Field>;
export type ItemResult = engine.ItemResult & All<"hints">;
export interface Field {
  docs: Docs;
  items: Items;
  claims: All<"claims">;
  draft: Draft;
  result: ItemResult;
  offer: Offer;
}

export type Kind = keyof Docs;
export type DoorDoc = Docs["door"];
export type CodesDoc = Docs["codes"];
export type Doc<K extends Kind = Kind> = engine.Doc<K, Docs[K]>;
export type ItemKind = keyof Items;
export type Item<K extends ItemKind = ItemKind> = engine.ItemOf<Field, K>;
export type Held = engine.HeldOf<Field>;
export type Session = engine.Session<Field>;
