/** An SOS that came by telephone: written down here, it runs through the same door as a press. */
import { html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Kind, Place } from "../../contract/types";
import { newId } from "../../kernel/ids";
import { Light } from "../../ui/light";
import { BLANK, checkIntake, type IntakeForm, type Point } from "./intake";
import { either, t } from "./speech";

/** What was typed and not sent: the key that closes a box must not cost a caller's words. */
let draft: { values: IntakeForm; report: string; at: number } | null = null;
const DRAFT_MS = 5 * 60_000; // later it would be another caller
export const forgetDraft = () => void (draft = null);
const kept = () => (draft && Date.now() - draft.at < DRAFT_MS ? draft : null);

@customElement("desk-intake")
export class DeskIntake extends Light {
  @property({ attribute: false }) kinds: Kind[] = [];
  @property({ attribute: false }) places: Place[] = [];
  @property({ attribute: false }) point: Point | null = null;
  @property({ type: Number }) ward = 0;
  @property({ type: Boolean }) busy = false;
  @property() override lang = "";
  @state() private values: IntakeForm = kept()?.values ?? BLANK;
  @state() private problem: "badLatLon" | "intakeNeeds" | null = null;
  private readonly report = kept()?.report ?? newId(); // a retry after a lost answer is the same report

  protected override render() {
    const v = this.values;
    return html`<form class="intake" @submit=${this.submit}>
      <h2 id="dialog-title">${t("intakeTitle")}</h2>
      <label for="in-phone">${t("callerPhone")}</label
      ><input
        id="in-phone"
        type="tel"
        inputmode="tel"
        maxlength="20"
        autocomplete="off"
        .value=${v.phone}
        @input=${this.text("phone")}
      />
      <label for="in-note">${t("what")}</label
      ><textarea id="in-note" rows="2" maxlength="2000" .value=${v.note} @input=${this.text("note")}></textarea>
      <label for="in-kind">${t("f_kind")}</label
      ><select id="in-kind" @change=${this.text("kind")}>
        ${this.kinds.map((k) => html`<option value=${k.code} ?selected=${k.code === v.kind}>${either(k)}</option>`)}
      </select>
      ${this.pointLine()}
      <label for="in-paste">${t("pasteLatLon")}</label
      ><input id="in-paste" autocomplete="off" .value=${v.pasted} @input=${this.text("pasted")} />
      <label for="in-place">${t("anchor")}</label
      ><select id="in-place" @change=${this.text("place_code")}>
        <option value="">${t("anchorNone")}</option>
        ${this.places.map(
          (p) => html`<option value=${p.code} ?selected=${p.code === v.place_code}>${p.name} – ${p.address}</option>`,
        )}
      </select>
      ${this.silence()}
      <p class="problem" role="alert">${this.problem ? t(this.problem) : ""}</p>
      <div class="row end">
        <button type="button" class="plain" @click=${this.shut}>${t("cancel")}</button
        ><button ?disabled=${this.busy}>${t("create")}</button>
      </div>
    </form>`;
  }

  private pointLine() {
    const point = this.point;
    const where = point ? t("pointSet", { lat: point.lat.toFixed(5), lon: point.lon.toFixed(5) }) : t("pointNone");
    const clear = html`<button type="button" class="plain small" @click=${() => this.tell("pick", null)}>
      ${t("pointClear")}
    </button>`;
    return html`<p class="row point">
      <b>${t("point")}:</b> <span role="status">${where}</span> ${point ? clear : ""}
    </p>`;
  }

  private silence() {
    const turn = (e: Event) => this.write({ silent: (e.target as HTMLInputElement).checked });
    return html`<label class="choice"
      ><input type="checkbox" .checked=${this.values.silent} @change=${turn} /> ${t("silentIntake")}</label
    >`;
  }

  private readonly shut = () => {
    forgetDraft();
    this.tell("shut");
  };

  private text(name: "phone" | "note" | "kind" | "place_code" | "pasted") {
    return (e: Event) => this.write({ [name]: (e.target as HTMLInputElement).value });
  }

  private write(part: Partial<IntakeForm>): void {
    this.values = { ...this.values, ...part };
    draft = { values: this.values, report: this.report, at: Date.now() };
  }

  private readonly submit = (e: Event) => {
    e.preventDefault();
    const made = checkIntake({ ...this.values, point: this.point }, this.report, this.ward, this.places);
    this.problem = "problem" in made ? made.problem : null;
    if ("intake" in made) this.tell("intake", made.intake);
  };
}
