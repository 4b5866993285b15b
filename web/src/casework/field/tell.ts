/** Answers that have come from the office: told to the resident at the door, by telephone – and said so here. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { dayAndClock } from "../../kernel/time";
import { Screen } from "./context";
import { icon } from "./icons";
import { go } from "./router";
import type { Id, IssueDoc } from "./types";
import { markDone, toTell } from "./waiting";

@customElement("field-tell")
export class Tell extends Screen {
  @state() private last: { address: string; how: string } | null = null;

  private async told(issue: Id, body: IssueDoc, channel: { code: string; vi: string; en?: string }): Promise<void> {
    await this.session.act("issue_verb", { issue, verb: "tell", channel: channel.code });
    markDone(body);
    this.last = {
      address: (this.session.get("door", body.dwelling)?.address ?? "").split(", ", 1)[0]!,
      how: this.name(channel),
    };
    this.querySelector<HTMLElement>("h1")?.focus();
  }

  protected override render(): TemplateResult {
    const { t } = this;
    const waiting = toTell(this.session);
    const channels = this.session.all("codes")[0]?.body.channels ?? [];
    return html`<h1 class="big" tabindex="-1">${t("tellTitle")}</h1>
      <p class="quiet">${t("tellWhat")}</p>
      <p role="status">${this.last ? `✔ ${t("toldNow", { a: this.last.address, how: this.last.how })}` : nothing}</p>
      ${waiting.length ? nothing : html`<p class="card">✔ ${t("tellNone")}</p>`}
      ${waiting.map(
        ({ id, body: i }) =>
          html`<article class="card">
            <h2 class="name">
              ${icon(i.kind)} ${this.session.get("door", i.dwelling)?.address ?? t("elsewhere")}
              ${i.late ? html`<em class="chip late">${t("late")}</em>` : nothing}
            </h2>
            <p class="words"><b>${t("theySaid")}</b> ${i.words}</p>
            <p class="words answer"><b>${t("answerIs")}</b> ${i.answer}</p>
            <p class="quiet">
              ${t("wished", {
                how: this.name(
                  channels.find((c) => c.code === i.reply_by),
                  t("noReply"),
                ),
              })}${i.reply_due_at ? ` · ${t("replyDue", { t: dayAndClock(i.reply_due_at) })}` : ""}
            </p>
            <fieldset>
              <legend>${t("toldHow")}</legend>
              <div class="chips">
                ${channels.map(
                  (c) =>
                    html`<button class=${c.code === i.reply_by ? "" : "plain"} @click=${() => void this.told(id, i, c)}>
                      ✔ ${this.name(c)}
                    </button>`,
                )}
              </div>
            </fieldset>
            ${
              this.session.get("door", i.dwelling)
                ? html`<button class="plain small" @click=${() => go("door", i.dwelling)}>${t("toDoor")}</button>`
                : nothing
            }
          </article>`,
      )}`;
  }
}
