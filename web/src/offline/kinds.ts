/**
 * What a noun brings to the phone – in its `phone.ts`, and the list of them in `casework/field/phones.ts` – and what
 * the engine asks of all of them together. The other half of `binhan/casework/phones/phone.py`.
 */
import type { FieldT } from "../i18n/field";
import type { Draft, Fresh, Id, Item, ItemResult, Keep } from "./types";

/** The documents of this phone; a place is shown with what this phone has claimed of it. */
export interface Documents {
  get<B extends object = object>(kind: string, id: Id): B | null;
  all<B extends object = object>(kind: string): { id: Id; body: B }[];
}
/** Whoever words an item for people: `named` looks a code up in one of the lists that the phone carries. */
export interface Tell {
  t: FieldT;
  when(at: string): string;
  named(list: string, code: string): string;
  documents: Documents;
}

/** One claim: the item that made it, and whether that has arrived. */
export interface Claim {
  item: Id;
  sent: boolean;
}
/**
 * What an item says of its place until the ward's documents say it themselves. It lies in a slot of the place's row;
 * other nouns' slots lie beside it.
 */
export interface PhoneClaim<S = unknown, B extends object = object> {
  slot: string;
  none: S;
  made(known: S, item: Fresh<string, B>): S;
  /** The slot with each of its claims changed; null takes a claim out. */
  each(known: S, change: (claim: Claim) => Claim | null): S;
  /** How documents of a kind, whose id is the place's, are shown with it. */
  shown?: { kind: string; over(body: object, known: S): object };
}

/** A kind of item that this phone sends. */
export interface PhoneItem<B extends object = object> {
  kind: string;
  /** The place that it is about, where it can tell without the items it hangs on. */
  place?(body: B, documents: Documents): Id | null;
  /** Fields of its body that may name an earlier item: it waits with that one, and follows it under a new id. */
  hangsOn?: readonly string[];
  /** True: its id is that of a file of this phone, which is sent in parts before it. */
  isFile?: boolean;
  claim?: PhoneClaim;
  /** Sent by itself, it says what stood there when it was begun: `begun` is what the draft of its place kept. */
  asBegun?(body: B, begun: Begun): B;
  /** Whether an answer is to be told to whoever typed, beyond that it was stored. */
  tells?(result: ItemResult): boolean;
  /** Lines that say what was done. */
  words(body: B, tell: Tell): string[];
}

/** A kind of document that this phone carries. */
export interface PhoneDocuments {
  kind: string;
  /** True: its id is that of a place; it stays while something is being typed there, whoever else it is given to. */
  isPlace?: boolean;
}

export type Begun = Record<string, unknown>; // what stood there when a field was first touched
export interface Finishing {
  documents: Documents;
  begun: Begun;
  silent: ReadonlySet<Id>; // of these nothing but their kind leaves the phone: no word, no file
  now: string;
}
/** A noun's part of what is typed at a place. */
export interface PhoneDraft<D extends Draft = Draft> {
  /** Its fields as they are before anybody has typed. */
  empty: object;
  /** A part that an earlier version kept, as this one knows it. */
  whole?(draft: D): D;
  /** Whether somebody has typed anything into it. */
  isTyped(draft: D): boolean;
  /** What stood in the touched fields when they were first touched; `kept` is what was known of that before. */
  begun?(draft: D, kept: Begun, documents: Documents): Begun;
  /** Ids of its things of which nothing but the kind may leave the phone. */
  silent?(draft: D, documents: Documents): Id[];
  /** What is sent of it, in the order in which the server must take it. */
  items(draft: D, finishing: Finishing): Fresh[];
}

/** Two values for one thing: of which kind the open cards are, and which item settles one. One noun brings it. */
export interface PhoneCard {
  documents: string;
  settled(card: Id, keep: Keep): { kind: string; body: object };
}

/** All that a noun brings. `Types` is for the compiler alone: casework/field/types.ts puts those of all together. */
export interface PhoneNoun<Types = unknown> {
  items?: readonly PhoneItem[];
  documents?: readonly PhoneDocuments[];
  draft?: PhoneDraft;
  card?: PhoneCard;
  types?: Types;
}

export function fresh<K extends string, B extends object>(kind: K, body: B, at: string, id: Id): Fresh<K, B> {
  return { kind, id, at, body };
}

/** The nouns of an app, in order: those whose items others hang on come first. */
export class Kinds {
  readonly claims: readonly PhoneClaim[];
  readonly drafts: readonly PhoneDraft[];
  readonly card: PhoneCard | null;
  private readonly items: Map<string, PhoneItem>;
  private readonly places: Set<string>;

  /** `place`: the field by which drafts and claims name their place. */
  constructor(
    private readonly place: string,
    nouns: readonly PhoneNoun[],
  ) {
    const items = nouns.flatMap((noun) => noun.items ?? []);
    const documents = nouns.flatMap((noun) => noun.documents ?? []);
    this.items = new Map(items.map((item) => [item.kind, item]));
    this.places = new Set(documents.filter((d) => d.isPlace).map((d) => d.kind));
    this.claims = items.flatMap((item) => (item.claim ? [item.claim] : []));
    this.drafts = nouns.flatMap((noun) => (noun.draft ? [noun.draft] : []));
    this.card = nouns.find((noun) => noun.card)?.card ?? null;
    once(items.map((item) => `items of the kind ${item.kind}`));
    once(documents.map((d) => `documents of the kind ${d.kind}`));
    once(this.claims.map((claim) => `claims in the slot ${claim.slot}`));
    once(this.drafts.flatMap((part) => Object.keys(part.empty)).map((field) => `the draft's field ${field}`));
    once(nouns.flatMap((noun) => (noun.card ? ["the card of two values"] : [])));
  }

  /** Undefined: an item of a version that had more kinds. It is sent as it is. */
  item(kind: string): PhoneItem | undefined {
    return this.items.get(kind);
  }

  isFile(item: Item | Fresh): boolean {
    return this.item(item.kind)?.isFile ?? false;
  }

  isPlace(kind: string): boolean {
    return this.places.has(kind);
  }

  /** The place of a draft, or of a row of claims. */
  placeOf(row: object): Id {
    return (row as Record<string, Id>)[this.place]!;
  }

  /** An empty row of claims of a place. */
  nothingOf(place: Id): object {
    return { [this.place]: place };
  }

  /** The place that an item is about; `others` are those it may hang on. */
  placeOfItem(item: Item, documents: Documents, others: readonly Item[]): Id | null {
    const own = this.item(item.kind)?.place?.(item.body, documents);
    if (own) return own;
    const on = this.hangsOn(item);
    const first = others.find((other) => other !== item && on.includes(other.id));
    return first ? this.placeOfItem(first, documents, others) : null;
  }

  /** The ids that an item names as those it may hang on. */
  hangsOn(item: Item): Id[] {
    const body = item.body as Record<string, Id>;
    return (this.item(item.kind)?.hangsOn ?? []).map((name) => body[name]!).filter(Boolean);
  }

  /** The body of an item that follows another under its new id. */
  following(item: Item, from: Id, to: Id): object {
    const body = { ...item.body } as Record<string, unknown>;
    for (const name of this.item(item.kind)?.hangsOn ?? []) if (body[name] === from) body[name] = to;
    return body;
  }

  /** What an answer may tell the screens beside being stored: where to go, what to look at again. */
  tells(result: ItemResult): boolean {
    return [...this.items.values()].some((item) => item.tells?.(result));
  }

  /** A draft as this version knows it, whichever kept it: fields it does not know stay, missing ones are empty. */
  whole<D extends Draft>(draft: D): D {
    const empty = Object.assign({ files: [] }, ...this.drafts.map((part) => structuredClone(part.empty))) as object;
    return this.drafts.reduce<Draft>((d, part) => part.whole?.(d) ?? d, { ...empty, ...draft }) as D;
  }

  /** True when nobody has typed anything into it. */
  isEmpty(draft: Draft): boolean {
    const whole = this.whole(draft);
    return !this.drafts.some((part) => part.isTyped(whole));
  }

  /** What stood in the fields of a draft when each was first touched. */
  begun(draft: Draft, kept: Begun, documents: Documents): Begun {
    return Object.assign({}, ...this.drafts.map((part) => part.begun?.(draft, kept, documents))) as Begun;
  }

  /** From what was typed at a place to the items that are sent. */
  itemsOf(draft: Draft, documents: Documents, begun: Begun, now: string): Fresh[] {
    const silent = new Set(this.drafts.flatMap((part) => part.silent?.(draft, documents) ?? []));
    return this.drafts.flatMap((part) => part.items(draft, { documents, begun, silent, now }));
  }
}

/** What two would write over each other is refused by name, when the app starts. */
function once(brought: readonly string[]): void {
  const twice = brought.find((name, at) => brought.indexOf(name) !== at);
  if (twice) throw new Error(`two nouns bring ${twice}`);
}
