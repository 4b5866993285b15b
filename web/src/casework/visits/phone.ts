/** What visits bring to the phone: rounds, turfs and doors to carry, and what happened at a door. */
import { fresh, type PhoneClaim, type PhoneDraft, type PhoneItem, type PhoneNoun } from "../../offline/kinds";
import type { Draft, Id, Named } from "../../offline/types";

export type Outcome = "met" | "not_home" | "come_back" | "refused" | "vacant" | "moved";
export type DoorState = "reached" | "refused" | "come_back" | "not_home" | "vacant" | "not_yet";

export interface RoundDoc {
  name: string;
  purpose: string;
  from_on: string;
  to_on: string;
  state: string;
  topics: { code: string; vi: string; en: string }[];
}
export interface TurfDoc {
  round: Id;
  number: number;
  group: number;
  area: string;
  team: string;
  team_parts: Record<string, number>;
  priority: number;
  length_m: number;
  minutes: number;
}
export interface DoorDoc {
  turf: Id;
  round: Id;
  place: number;
  address: string;
  number: string;
  way: string;
  group: string;
  kind: string;
  lat: number | null;
  lon: number | null;
  households: number;
  active: boolean;
  first: boolean;
  state: DoorState;
  not_home: number;
  come_back_at: string | null;
  landmark: string;
  access_note: string;
  best_time: string;
  occupants: number | null;
}
export interface VisitCodes {
  outcomes: Named[];
  parts: Named[];
}
/** A turf that this phone may carry. `open`: its round has begun; before that a visit waits on the phone. */
export interface Offer {
  id: Id;
  number: number;
  round: Id;
  round_name: string;
  area: string;
  team: string;
  group: number;
  priority: number;
  doors: number;
  done: number;
  length_m: number;
  minutes: number;
  mine: boolean;
  open: boolean;
}

export interface VisitItem {
  round: Id;
  dwelling: Id;
  outcome: Outcome;
  started_at: string;
  ended_at: string;
  come_back_at?: string;
  present?: Record<string, number>;
  notice_lang?: string;
  notice_version?: string;
  consents?: Record<string, boolean>;
  topics?: string[];
  note?: string;
}
/** The last visit of this phone that the ward's documents do not show yet; `back`: when to come again. */
export interface VisitClaim {
  id: Id;
  outcome: Outcome;
  at: string;
  sent: boolean;
  back?: string;
}
/** The part of a draft without which there is none: its id is the visit's. */
export interface VisitDraft extends Draft {
  dwelling: Id;
  round: Id;
  outcome: Outcome | "";
  started_at: string;
  come_back_at: string;
  present: Record<string, number>;
  notice_lang: string;
  notice_version: string;
  consents: Record<string, boolean>;
  topics: string[];
  note: string;
  questions: string;
}

const claim: PhoneClaim<VisitClaim | null, VisitItem> = {
  slot: "visit",
  none: null,
  made: (_, { id, at, body: { outcome, come_back_at } }) => ({
    id,
    outcome,
    at,
    sent: false,
    ...(come_back_at ? { back: come_back_at } : {}),
  }),
  each(known, change) {
    const now = known && change({ item: known.id, sent: known.sent });
    return now && { ...known, id: now.item, sent: now.sent };
  },
};

const visit: PhoneItem<VisitItem> = {
  kind: "visit",
  place: (body) => body.dwelling,
  claim,
  words: (body, { t, when }) =>
    [
      t("iVisit", { o: t(`o_${body.outcome}`) }),
      body.come_back_at ? t("backAt", { t: when(body.come_back_at) }) : "",
      body.note ?? "",
    ].filter(Boolean),
};

const draft: PhoneDraft<VisitDraft> = {
  empty: {
    outcome: "",
    started_at: "",
    come_back_at: "",
    present: {},
    notice_lang: "",
    notice_version: "",
    consents: {},
    topics: [],
    note: "",
    questions: "",
  },
  isTyped: (d) => !!(d.outcome || d.note || d.questions || d.topics.length),
  items(d, { now }) {
    const ended = now > d.started_at ? now : d.started_at; // a clock set back does not end a visit before it began
    return [fresh("visit", visitBody(d, ended), now, d.id)];
  },
};

function visitBody(d: VisitDraft, ended_at: string): VisitItem {
  const asked = d.questions.trim();
  const note = [d.note.trim(), asked && `Dân hỏi: ${asked}`].filter(Boolean).join("\n");
  return {
    round: d.round,
    dwelling: d.dwelling,
    outcome: d.outcome as Outcome,
    started_at: d.started_at,
    ended_at,
    ...(d.outcome === "come_back" && d.come_back_at ? { come_back_at: d.come_back_at } : {}),
    ...(Object.keys(d.present).length ? { present: d.present } : {}),
    ...(d.notice_lang ? { notice_lang: d.notice_lang, notice_version: d.notice_version } : {}),
    ...(Object.keys(d.consents).length ? { consents: d.consents } : {}),
    ...(d.topics.length ? { topics: d.topics } : {}),
    ...(note ? { note } : {}),
  };
}

export const PHONE: PhoneNoun<{
  docs: { round: RoundDoc; turf: TurfDoc; door: DoorDoc; codes: VisitCodes };
  items: { visit: VisitItem };
  claims: { visit: VisitClaim };
  draft: VisitDraft;
}> = {
  items: [visit],
  documents: [{ kind: "round" }, { kind: "turf" }, { kind: "door", isPlace: true }],
  draft,
};
