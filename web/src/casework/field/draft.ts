/** A visit as it is being written: begun empty, with the team that is standing there. */
import { newId } from "../../kernel/ids";
import { PHONES } from "./phones";
import type { Draft, Id, Session } from "./types";

export function begin(session: Session, dwelling: Id): Draft {
  const door = session.get("door", dwelling);
  const turf = door ? session.get("turf", door.turf) : null;
  return PHONES.whole({
    id: newId(),
    dwelling,
    round: door?.round ?? "",
    started_at: new Date().toISOString(),
    present: { ...turf?.team_parts },
  } as Draft);
}

/** What was entered, as a change to the draft as it is then: two touches in quick succession never undo each other. */
export type Change = (draft: Draft) => Draft;

/** The needs named in an issue's words stand in its first line: "Cần hỗ trợ: vốn vay; giấy tờ". */
export const NEEDS = "Cần hỗ trợ: ";

export function needsOf(words: string): string[] {
  const first = words.split("\n", 1)[0]!;
  return first.startsWith(NEEDS) ? first.slice(NEEDS.length).split("; ").filter(Boolean) : [];
}

export function withNeeds(words: string, needs: string[]): string {
  const rest = words.startsWith(NEEDS) ? words.split("\n").slice(1).join("\n") : words;
  return needs.length ? [NEEDS + needs.join("; "), rest].filter(Boolean).join("\n") : rest;
}
