/** The field app's way in. */
import "../../ui/tokens.css";
import { html } from "lit";
import { customElement } from "lit/decorators.js";
import { Light } from "../../ui/light";
import { openShell } from "./shell";

@customElement("field-app")
export class FieldApp extends Light {
  override connectedCallback(): void {
    super.connectedCallback();
    openShell();
  }

  protected override render() {
    return html`<main><h1>Đi từng nhà</h1></main>`;
  }
}
