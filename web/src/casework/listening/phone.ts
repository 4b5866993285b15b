/** What listening brings to the phone: what is open at its doors, what was heard, and the team's own moves of it. */
import { newId } from "../../kernel/ids";
import { fresh, type Documents, type PhoneDraft, type PhoneItem, type PhoneNoun } from "../../offline/kinds";
import type { Draft, Fresh, Id, ItemResult, Named } from "../../offline/types";

export interface IssueDoc {
  dwelling: Id;
  kind: string;
  kind_name: string;
  words: string;
  answer: string;
  state: string;
  state_name: string;
  reply_by: string;
  reply_due_at: string | null;
  late: boolean;
  verbs: string[];
}
/** Where to go with what is not written down here. */
export interface Desk {
  desk: string;
  call: string[];
  vi: string;
  en: string;
}
export interface IssueCodes {
  kinds: Named[];
  urgencies: Named[];
  channels: Named[];
  routed: { code: string; vi: string; go_to: Desk }[];
}
/** What an answer says besides. */
export interface IssueHints {
  go_to?: Desk;
  look_again?: { kind: string; vi: string; go_to: Desk };
}

export interface IssueItem {
  visit: Id;
  kind: string;
  words?: string;
  place?: string;
  urgency?: "ordinary" | "urgent";
  reply_by?: string;
  promised_on?: string;
  confidential?: boolean;
  answer?: string;
}
export interface IssueVerbItem {
  issue: Id;
  verb: string;
  channel?: string;
  answer?: string;
  kind?: string;
}
export interface IssueDraft {
  id: Id;
  kind: string;
  words: string;
  place: string;
  urgency: "ordinary" | "urgent";
  reply_by: string;
  promised_on: string;
  confidential: boolean;
  answer: string;
}
export interface IssuesDraft extends Draft {
  issues: IssueDraft[];
}

const EMPTY: Omit<IssueDraft, "id"> = {
  kind: "",
  words: "",
  place: "",
  urgency: "ordinary",
  reply_by: "",
  promised_on: "",
  confidential: false,
  answer: "",
};
export const newIssue = (kind: string): IssueDraft => ({ ...EMPTY, id: newId(), kind });

const issue: PhoneItem<IssueItem> = {
  kind: "issue",
  hangsOn: ["visit"],
  tells: (result: ItemResult & IssueHints) => !!(result.go_to || result.look_again),
  words: (body, { t, named }) =>
    [
      t("iIssue", { k: named("kinds", body.kind) }),
      body.words ?? "",
      body.answer ? `${t("answerIs")} ${body.answer}` : "",
    ].filter(Boolean),
};

const heardAt = (id: Id, documents: Documents) => documents.get<IssueDoc>("issue", id);
const issueVerb: PhoneItem<IssueVerbItem> = {
  kind: "issue_verb",
  place: (body, documents) => heardAt(body.issue, documents)?.dwelling ?? null,
  hangsOn: ["issue"],
  words: (body, { t, named, documents }) =>
    [t("iTell", { how: named("channels", body.channel ?? "") }), heardAt(body.issue, documents)?.words ?? ""].filter(
      Boolean,
    ),
};

/** Kinds of which no word may be written down, by the lists that this phone carries. */
function routedKinds(documents: Documents): Set<string> {
  const codes = documents.all<IssueCodes>("codes")[0]?.body;
  return new Set((codes?.routed ?? []).map((r) => r.code));
}

const draft: PhoneDraft<IssuesDraft> = {
  empty: { issues: [] },
  whole: (d) => ({ ...d, issues: (d.issues ?? []).map((i) => ({ ...EMPTY, ...i })) }),
  isTyped: (d) => d.issues.length > 0,
  silent(d, documents) {
    const routed = routedKinds(documents);
    return d.issues.filter((i) => routed.has(i.kind)).map((i) => i.id);
  },
  items: (d, { silent, now }) =>
    d.issues.map((i): Fresh => fresh("issue", issueBody(d.id, i, silent.has(i.id)), now, i.id)),
};

/** Of what is routed out only its kind leaves the phone: no word, no photo, no voice. */
function issueBody(visit: Id, i: IssueDraft, isRouted: boolean): IssueItem {
  if (isRouted) return { visit, kind: i.kind };
  return {
    visit,
    kind: i.kind,
    ...(i.words ? { words: i.words } : {}),
    ...(i.place ? { place: i.place } : {}),
    urgency: i.urgency,
    ...(i.reply_by ? { reply_by: i.reply_by } : {}),
    ...(i.promised_on ? { promised_on: i.promised_on } : {}),
    ...(i.confidential ? { confidential: true } : {}),
    ...(i.answer ? { answer: i.answer } : {}),
  };
}

export const PHONE: PhoneNoun<{
  docs: { issue: IssueDoc; codes: IssueCodes };
  items: { issue: IssueItem; issue_verb: IssueVerbItem };
  draft: IssuesDraft;
  hints: IssueHints;
}> = {
  items: [issue, issueVerb],
  documents: [{ kind: "issue" }],
  draft,
};
