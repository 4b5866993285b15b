/** A Lit element that renders into the page itself, so that tokens.css and a screen's own sheet reach it. */
import { LitElement } from "lit";

export class Light extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Tells whoever listens further up; `detail` is what happened. */
  protected tell<T>(name: string, detail?: T): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
