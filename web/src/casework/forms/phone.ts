/** What questionnaires bring to the phone: the round's form, and what was answered at a door. */
import { newId } from "../../kernel/ids";
import { fresh, type Documents, type PhoneDraft, type PhoneItem, type PhoneNoun } from "../../offline/kinds";
import type { Draft, Id } from "../../offline/types";

export interface FormDoc {
  title: string;
  version: string;
  xml: string;
}
/** Which questionnaire a round has. */
export interface RoundForm {
  form: Id | null;
}
export interface AnswersItem {
  visit: Id;
  form: Id;
  version: string;
  xml: string;
}
/**
 * A questionnaire as it was when its first question was answered: the answers belong to that version, whatever the
 * round asks by then.
 */
export interface Asked extends FormDoc {
  id: Id;
}
export interface FormDraft extends Draft {
  round: Id;
  form?: Asked | null;
  form_xml: string;
}

const answers: PhoneItem<AnswersItem> = {
  kind: "answers",
  hangsOn: ["visit"],
  words: (_, { t }) => [t("iAnswers")],
};

const draft: PhoneDraft<FormDraft> = {
  empty: { form_xml: "" },
  isTyped: (d) => !!d.form_xml,
  items(d, { documents, now }) {
    const form = d.form ?? formOf(d.round, documents);
    if (!d.form_xml || !form) return [];
    return [fresh("answers", { visit: d.id, form: form.id, version: form.version, xml: d.form_xml }, now, newId())];
  },
};

function formOf(round: Id, documents: Documents): { id: Id; version: string } | null {
  const id = documents.get<RoundForm>("round", round)?.form;
  return id ? { id, version: documents.get<FormDoc>("form", id)?.version ?? "" } : null;
}

export const PHONE: PhoneNoun<{
  docs: { form: FormDoc; round: RoundForm };
  items: { answers: AnswersItem };
  draft: FormDraft;
}> = {
  items: [answers],
  documents: [{ kind: "form" }],
  draft,
};
