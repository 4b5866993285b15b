/** What every screen of the field app stands on: the session, the language, and how it is worded. */
import { Light } from "../../ui/light";
import { keepLang, pickLang, translator, type Lang } from "../../i18n";
import { FIELD, type FieldT } from "../../i18n/field";
import type { Named, Session } from "./types";

class Ground extends EventTarget {
  session!: Session;
  lang: Lang = pickLang();
  t: FieldT = translator(FIELD, this.lang);

  use(session: Session, lang: Lang = this.lang): void {
    this.session = session;
    this.speak(lang);
  }

  /** Without a reload: what is open stays open. */
  speak(lang: Lang): void {
    this.lang = lang;
    this.t = translator(FIELD, lang);
    document.documentElement.lang = lang;
    document.title = this.t("title");
    this.dispatchEvent(new Event("turn"));
  }

  turn(): void {
    const next = this.lang === "vi" ? "en" : "vi";
    keepLang(next);
    this.speak(next);
  }
}
export const ground = new Ground();

/** An element that is drawn anew whenever the session or the language changes. */
export class Screen extends Light {
  private readonly drawAnew = () => this.requestUpdate();
  private listened: Session | undefined;

  get session(): Session {
    return ground.session;
  }

  get t(): FieldT {
    return ground.t;
  }

  get tongue(): Lang {
    return ground.lang;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    ground.addEventListener("turn", this.drawAnew);
    this.listened = ground.session;
    this.listened.addEventListener("change", this.drawAnew);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    ground.removeEventListener("turn", this.drawAnew);
    this.listened?.removeEventListener("change", this.drawAnew);
  }

  protected name(named: Named | undefined, otherwise = ""): string {
    const words = named ? (this.tongue === "en" && named.en) || named.vi : otherwise;
    return words.charAt(0).toUpperCase() + words.slice(1);
  }
}
