/** A plain sign per kind of SOS, drawn here because fonts differ; always beside its words. */
import { html, svg, type TemplateResult } from "lit";

const SHAPES: Record<string, string> = {
  unknown:
    "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1.2 14.5h2.4V19h-2.4zM12 5.6c2.4 0 4.2 1.5 4.2 3.7 " +
    "0 1.8-1 2.7-2 3.5-.8.6-1 1-1 1.9h-2.4c0-2 .7-2.8 1.8-3.6.8-.6 1.2-1 1.2-1.8 " +
    "0-.9-.7-1.5-1.8-1.5s-1.9.7-2 1.9H7.6C7.7 7.2 9.4 5.6 12 5.6z",
  security: "M12 2l8 3v6c0 5-3.4 9-8 11-4.6-2-8-6-8-11V5z",
  fire: "M13 2c.5 4 5 6.5 5 12a6 6 0 0 1-12 0c0-2.5 1.2-4 2.5-5.2C8.7 11 9.5 12 11 12c1.2-3-.5-6.5 2-10z",
  medical: "M9 3h6v6h6v6h-6v6H9v-6H3V9h6z",
  traffic:
    "M5 11l2-5h10l2 5 2 1v6h-2v2h-3v-2H8v2H5v-2H3v-6zm3-3-1 3h10l-1-3z" +
    "m-1.5 7.5a1.3 1.3 0 1 0 .01 0zm11 0a1.3 1.3 0 1 0 .01 0z",
  rescue: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 6a4 4 0 1 1 0 8 4 4 0 0 1 0-8z",
  domestic_violence: "M12 3l10 9h-3v9h-5v-6h-4v6H5v-9H2z",
  child: "M12 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM7 22v-6a5 5 0 0 1 10 0v6z",
  disaster:
    "M2 9c3-4 6-4 9 0s6 4 11 0v3.500c-5 4-8 4-11 0s-6-4-9 0zm0 8c3-4 6-4 9 0s6 4 11 0v3.500c-5 4-8 4-11 0s-6-4-9 0z",
  other: "M12 5a7 7 0 1 0 0 14 7 7 0 0 0 0-14z",
};

export function kindIcon(kind: string): TemplateResult {
  return html`<svg class="kind-icon" viewBox="0 0 24 24" aria-hidden="true">
    ${svg`<path fill-rule="evenodd" d=${SHAPES[kind] ?? SHAPES["other"]!}></path>`}
  </svg>`;
}
