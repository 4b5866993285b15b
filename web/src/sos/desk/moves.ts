/** Doing things on the server, with a plain answer to the officer: done, lost to a colleague, or not recorded. */
import { Refusal } from "../../live/http";
import { clock } from "../../kernel/time";
import { language, t, tCode } from "./speech";
import { DESK } from "../../i18n/desk";

/** The sentence for what went wrong. A lost race names who was first and when. */
export function complaint(error: unknown): string {
  if (!(error instanceof Refusal)) return t("unreachable");
  const p = error.problem as Refusal["problem"] & { moved_verb?: string };
  if (p.status === 409 && p.moved_by && p.moved_at && p.moved_verb) {
    const key = `lost_${p.moved_verb}`;
    return t("lost", { who: p.moved_by, did: key in DESK ? tCode("", key) : t("lost_other"), at: clock(p.moved_at) });
  }
  return (language() === "vi" ? p.detail : p.detail_en || p.detail) || t("unreachable");
}

/** Runs one thing at a time, so that a double stroke does nothing twice. */
export class Turn {
  busy = false;
  constructor(
    private readonly on: { changed(): void; good(text: string): void; bad(text: string): void; lost(): void },
  ) {}

  async run<T>(what: () => Promise<T>, good?: string): Promise<T | null> {
    if (this.busy) return null;
    this.busy = true;
    this.on.changed();
    try {
      const answer = await what();
      if (good) this.on.good(good);
      return answer;
    } catch (error) {
      this.on.bad(complaint(error));
      if (error instanceof Refusal) this.on.lost();
      return null;
    } finally {
      this.busy = false;
      this.on.changed();
    }
  }
}
