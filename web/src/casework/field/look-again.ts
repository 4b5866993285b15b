/**
 * The server has read what was sent and thinks that somebody should look again: at the right desk, or at the wording.
 */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { Screen } from "./context";
import { doorOf, itemWords } from "./describe";
import type { Item, ItemResult } from "./types";

@customElement("field-look-again")
export class LookAgain extends Screen {
  @state() private waiting: { result: ItemResult; words: string[]; address: string }[] = [];
  private readonly came = (e: Event) => {
    const results = (e as CustomEvent<ItemResult[]>).detail.filter(
      (r) => r.status === "stored" && (r.look_again || r.warnings?.length),
    );
    this.waiting = [...this.waiting, ...results.map((result) => this.read(result))];
  };

  override connectedCallback(): void {
    super.connectedCallback();
    this.session.addEventListener("answered", this.came);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.session.removeEventListener("answered", this.came);
  }

  private read(result: ItemResult) {
    const item = this.session.unsentItems.find((i: Item) => i.id === result.id);
    const door = item ? doorOf(this.session, item) : null;
    return {
      result,
      words: item ? itemWords(this.session, this.t, this.tongue, item) : [],
      address: door ? (this.session.get("door", door)?.address ?? "") : "",
    };
  }

  protected override updated(): void {
    const dialog = this.querySelector("dialog");
    if (dialog && !dialog.open) dialog.showModal();
  }

  private readonly next = () => (this.waiting = this.waiting.slice(1));

  private routeOut(result: ItemResult): void {
    void this.session.act("issue_verb", { issue: result.id, verb: "route_out", kind: result.look_again!.kind });
    this.next();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { t } = this;
    const now = this.waiting[0];
    if (!now) return nothing;
    const { look_again: again, warnings = [] } = now.result;
    return html`<dialog aria-labelledby="again-title" @close=${this.next}>
      <h2 class="big" id="again-title" tabindex="-1" autofocus>${t("afterTitle")}</h2>
      <p><b>${now.address}</b></p>
      ${now.words.map((w) => html`<p class="words">${w}</p>`)}
      ${(warnings as { word?: string }[]).map((w) => html`<p class="note">${t("warnWord", { w: w.word ?? "" })}</p>`)}${
        again
          ? html`<p>${t("soundsLike", { k: again.vi })}</p>
              <p>${this.tongue === "en" ? again.go_to.en : again.go_to.vi}</p>
              ${again.go_to.call.map(
                (n) => html`<a class="button danger tall" href="tel:${n}">📞 ${t("call", { n })}</a>`,
              )}`
          : nothing
      }
      <div class="stack">
        ${
          again
            ? html`<button class="plain tall" @click=${() => this.routeOut(now.result)}>${t("routeOut")}</button>`
            : nothing
        }<button class="tall" @click=${() => this.querySelector("dialog")!.close()}>
          ${t(again ? "keepWords" : "understood")}
        </button>
      </div>
    </dialog>`;
  }
}
