/**
 * One door in the list: its place in the walk, its address, and where it stands – in a word and a shape, not only a
 * colour.
 */
import { html, nothing, type TemplateResult } from "lit";
import type { FieldT } from "../../i18n/field";
import { path } from "./router";
import { short } from "./times";
import type { DoorDoc, DoorState } from "./types";
import type { Door } from "./walk";

const SHAPE: Record<DoorState, string> = {
  reached: "✔",
  refused: "●",
  come_back: "↻",
  not_home: "○",
  vacant: "▢",
  not_yet: "",
};

export const stateWords = (t: FieldT, state: DoorState): string => t(`d_${state}`);

/** "13 Đường Mẫu 1" of a whole address, and what comes behind it. */
export const street = (body: DoorDoc): string => body.address.split(", ", 1)[0]!;
export const around = (body: DoorDoc): string => body.address.split(", ").slice(1).join(", ");

export function row(t: FieldT, lang: "vi" | "en", d: Door): TemplateResult {
  const notes = [
    around(d.body),
    d.body.landmark,
    d.comeBackAt && d.state === "come_back" ? t("backAt", { t: short(d.comeBackAt, lang) }) : "",
    d.body.first && d.state === "not_yet" ? t("first") : "",
  ].filter(Boolean);
  return html`<li>
    <a class="door ${d.state}" data-door=${d.id} href=${path("door", d.id)}
      ><span class="place">${d.body.place}</span>
      <span class="grow"
        ><b>${street(d.body)}</b>${notes.length ? html`<small>${notes.join(" · ")}</small>` : nothing}${
          d.draft ? html`<em class="chip first">✎ ${t("draftHere")}</em>` : nothing
        }</span
      >
      <span class="stand"
        >${d.state === "not_yet" ? nothing : html`${SHAPE[d.state]} ${stateWords(t, d.state)}`}${
          d.sent ? nothing : html`<small>⏳ ${t("notSent")}</small>`
        }</span
      ></a
    >
  </li>`;
}
