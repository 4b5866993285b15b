/** What appointments bring to the phone: what is agreed and promised at its doors, slips, and times agreed there. */
import type { PhoneItem, PhoneNoun } from "../../offline/kinds";
import type { Id } from "../../offline/types";

export interface AppointmentDoc {
  dwelling: Id;
  from_at: string;
  to_at: string;
  state: string;
  state_name: string;
  note: string;
}
export interface PromiseDoc {
  what: "reply" | "visit";
  dwelling: Id;
  address: string;
  due_at: string;
  late: boolean;
  kind?: string;
  how_name?: string;
  unit_name?: string;
}
/** For the resident: book, move or decline the next visit. */
export interface DoorSlip {
  slip: { code: string; url: string } | null;
}
export interface AppointmentItem {
  dwelling: Id;
  round: Id;
  from_at: string;
  to_at: string;
  note?: string;
}

const appointment: PhoneItem<AppointmentItem> = {
  kind: "appointment",
  place: (body) => body.dwelling,
  words: (body, { t, when }) => [t("iAppointment", { t: when(body.from_at) })],
};

export const PHONE: PhoneNoun<{
  docs: { appointment: AppointmentDoc; promise: PromiseDoc; door: DoorSlip };
  items: { appointment: AppointmentItem };
}> = {
  items: [appointment],
  documents: [{ kind: "promise" }, { kind: "appointment" }],
};
