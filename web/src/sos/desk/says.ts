/** The journal's verbs as sentences. Pure; an unknown verb is shown as it is, not hidden. */
import type { Entry } from "../../contract/types";
import type { Lang } from "../../i18n";

const AUDIENCE: Record<string, readonly [string, string]> = {
  second_seat: ["ghế thứ hai", "second seat"],
  shift_lead: ["trưởng ca", "shift lead"],
  ward_chief: ["chỉ huy phường", "ward chief"],
  city_centre: ["trung tâm thành phố", "city centre"],
};
const VERBS: Record<string, readonly [vi: string, en: string]> = {
  raise: ["bấm SOS", "pressed SOS"],
  intake: ["ghi nhận tin báo", "took the report"],
  merge_press: ["bấm SOS lần nữa", "pressed again"],
  split_press: ["tách một tin thành vụ riêng", "took one press out into its own incident"],
  fix: ["gửi vị trí mới", "sent a new position"],
  note: ["thêm ghi chú", "added a note"],
  chat: ["nhắn", "wrote"],
  cancel: ["báo là bấm nhầm", "said it was a mistake"],
  duress: ["nhập mã bị ép buộc", "gave the duress code"],
  kind: ["chọn loại việc", "chose a kind"],
  phone: ["để lại số điện thoại", "left a number"],
  battery: ["báo mức pin", "reported battery"],
  safe: ["báo đã an toàn", "said they are safe"],
  seen: ["thấy SOS trên màn hình", "saw the SOS on screen"],
  acknowledge: ["tiếp nhận", "acknowledged"],
  dispatch: ["điều tổ", "dispatched a unit"],
  reinforce: ["tăng cường tổ", "sent another unit"],
  stand_down: ["rút lực lượng", "stood down"],
  resolve: ["ghi đã xử lý xong", "recorded it as resolved"],
  reopen: ["mở lại", "reopened it"],
  close: ["kết thúc vụ việc", "closed it"],
  merge: ["gộp vào vụ khác", "merged it"],
  transfer: ["chuyển tới", "transferred it to"],
  escalate: ["leo thang", "escalated"],
  remind: ["nhắc kết thúc", "reminded to close"],
  triage: ["phân loại lại", "triaged"],
  backup: ["xin chi viện", "called for backup"],
  offer: ["mời tổ nhận việc", "offered the task"],
  accept: ["nhận việc", "accepted"],
  decline: ["từ chối", "declined"],
  depart: ["xuất phát", "set off"],
  arrive: ["đã tới nơi", "arrived"],
  finish: ["xong việc", "finished"],
  withdraw: ["rút tổ", "withdrew the unit"],
  pass_on: ["chưa ai nhận, mời thêm tổ", "no answer: asked the next unit"],
  chase: ["nhắc tổ", "reminded the unit"],
};
const NOBODY: Record<string, string> = { resident: "the person", clock: "the system's clock", system: "the system" };

/** Who it was: people by their names, what has no name in the reader's language. */
export const actor = (entry: Pick<Entry, "actor" | "actor_name">, lang: Lang) =>
  (lang === "en" && NOBODY[entry.actor]) || entry.actor_name;

export interface Names {
  unit: (id: string) => string;
  kind: (code: string) => string;
  agency: (code: string) => string;
  outcome: (code: string) => string;
}

export function sentence(entry: Pick<Entry, "verb" | "facts">, lang: Lang, names: Names): string {
  const word = VERBS[entry.verb];
  return [word ? word[lang === "vi" ? 0 : 1] : entry.verb, ...details(entry, lang, names)].join(" ");
}

function details(entry: Pick<Entry, "verb" | "facts">, lang: Lang, names: Names): string[] {
  const f = entry.facts;
  const text = (name: string) => (typeof f[name] === "string" ? f[name] : "");
  if (entry.verb === "escalate") {
    const who = (Array.isArray(f["audience"]) ? (f["audience"] as string[]) : [])
      .map((a) => AUDIENCE[a]?.[lang === "vi" ? 0 : 1] ?? a)
      .join(", ");
    return [`${lang === "vi" ? "bậc" : "to rung"} ${String(f["level"] ?? "")}${who ? `: ${who}` : ""}`];
  }
  if (entry.verb === "raise" && text("kind") && text("kind") !== "unknown") return [`– ${names.kind(text("kind"))}`];
  if (entry.verb === "kind" && text("value")) return [names.kind(text("value"))];
  if (entry.verb === "triage") return [[text("priority"), names.kind(text("kind"))].filter(Boolean).join(", ")];
  if (entry.verb === "close") return [`– ${names.outcome(text("outcome"))}`];
  if (entry.verb === "transfer") return [names.agency(text("agency"))];
  if (text("unit_id")) return [names.unit(text("unit_id"))];
  return [];
}
