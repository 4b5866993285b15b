/** The position of the phone, when somebody presses the button, never else. */
import { html, nothing, type TemplateResult } from "lit";
import type { Node } from "./engine";
import { clear, text, type Form } from "./form";

const PATIENCE_MS = 30_000;

export function place(form: Form, node: Node, id: string): TemplateResult {
  const kept = node.currentState.instanceValue ?? "";
  const accuracy = Number(kept.split(" ")[3] ?? NaN);
  const busy = form.busy.get(node.nodeId);
  const said =
    busy === "failed"
      ? form.t("noPlace")
      : busy
        ? form.t("locating")
        : kept
          ? form.t("place", { m: Number.isNaN(accuracy) ? "?" : Math.round(accuracy) })
          : "";
  return html`<button
      type="button"
      id=${id}
      class="plain"
      aria-label="${form.t("here")}: ${text(node.currentState.label)}"
      ?disabled=${node.currentState.readonly || busy === "busy"}
      @click=${() => locate(form, node)}
    >
      📍 ${form.t("here")}
    </button>
    <p role="status" class=${busy === "failed" ? "alert" : "quiet"}>${said}</p>
    ${kept && !node.currentState.readonly ? clear(form, node, () => node.setValue!("")) : nothing}`;
}

function locate(form: Form, node: Node): void {
  form.wait(node, "busy");
  const failed = () => form.wait(node, "failed");
  if (!navigator.geolocation) return failed();
  navigator.geolocation.getCurrentPosition(
    ({ coords: c }) => {
      form.wait(node, null);
      form.act(node, () => node.setValue!(`${c.latitude} ${c.longitude} ${c.altitude ?? 0} ${c.accuracy}`));
    },
    failed,
    { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 0 },
  );
}
