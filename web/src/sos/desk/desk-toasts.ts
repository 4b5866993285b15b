/** Short answers to what was just done; refusals stay until they are read. */
import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { Light } from "../../ui/light";
import { t } from "./speech";

export interface Toast {
  id: number;
  text: string;
  bad: boolean;
}

/** What is shown now: an answer for a few seconds, a refusal for longer, each until it is put away. */
export class Toasts {
  list: Toast[] = [];

  constructor(private readonly changed: () => void) {}

  show(text: string, bad: boolean): void {
    const made = { id: Date.now() + Math.random(), text, bad };
    this.list = [...this.list.slice(-3), made];
    setTimeout(() => this.dismiss(made.id), bad ? 12_000 : 4000);
    this.changed();
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
    this.changed();
  }
}

@customElement("desk-toasts")
export class DeskToasts extends Light {
  @property({ attribute: false }) toasts: Toast[] = [];
  @property() override lang = "";

  protected override render() {
    const line = (toast: Toast) =>
      html`<div class="toast ${toast.bad ? "bad" : ""}">
        <span>${toast.text}</span
        ><button class="plain small" aria-label=${t("dismiss")} @click=${() => this.tell("dismiss", toast.id)}>
          ×
        </button>
      </div>`;
    return html`<div role="alert">${this.toasts.filter((x) => x.bad).map(line)}</div>
      <div role="status">${this.toasts.filter((x) => !x.bad).map(line)}</div>`;
  }
}
