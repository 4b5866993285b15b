/**
 * An outcome pressed with one tap can be taken back for ten seconds. It is written down at once as the door's draft, so
 * that a phone that dies in these seconds still has it: what is found so at the next start is sent then.
 */
import type { Draft, Id, Outcome, Session } from "./types";

export const UNDO_MS = 10_000;

export class Undo extends EventTarget {
  pressed: { draft: Draft; before: Draft | null; until: number } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly session: Session) {
    super();
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && void this.settle());
  }

  async press(draft: Draft, outcome: Outcome, come_back_at = ""): Promise<void> {
    await this.settle();
    const before = this.session.draft(draft.dwelling);
    const next = { ...draft, outcome, come_back_at };
    this.pressed = { draft: next, before, until: Date.now() + UNDO_MS };
    this.timer = setTimeout(() => void this.settle(), UNDO_MS);
    this.changed();
    await this.session.keep(next);
  }

  async undo(): Promise<void> {
    const back = this.take();
    if (!back) return;
    const edits = { ...back.before?.edits, ...this.edited(back.draft) };
    const kept = back.before ?? { ...back.draft, outcome: "" as const, come_back_at: "" };
    if (back.before || Object.keys(edits).length) await this.session.keep({ ...kept, edits });
    else await this.session.drop(back.draft.dwelling);
    this.changed();
  }

  /** The door may have been corrected since the touch. */
  private edited(pressed: Draft): Draft["edits"] {
    return this.session.draft(pressed.dwelling)?.edits ?? pressed.edits;
  }

  /** The time is over, or something else was pressed: into the outbox. */
  async settle(): Promise<void> {
    const done = this.take();
    if (!done) return;
    if (this.session.phase === "open") await this.session.finish({ ...done.draft, edits: this.edited(done.draft) });
    this.changed();
  }

  /**
   * The vault has been closed: what was pressed lies in it as a draft, and goes out when it is opened again – never
   * into another's.
   */
  forget(): void {
    this.take();
    this.changed();
  }

  /** What a phone that died, or was locked, in the ten seconds left behind. */
  async recover(): Promise<void> {
    for (const { id } of this.session.all("door")) {
      const draft = this.session.draft(id);
      if (draft && draft.outcome !== "" && draft.outcome !== "met" && !this.holds(id)) await this.session.finish(draft);
    }
  }

  holds(dwelling: Id): boolean {
    return this.pressed?.draft.dwelling === dwelling;
  }

  private take() {
    const held = this.pressed;
    clearTimeout(this.timer);
    this.pressed = null;
    return held;
  }

  private changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}
