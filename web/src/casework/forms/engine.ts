/**
 * The one place that knows the form engine (ODK's xforms-engine): which parts of its nodes we draw, and opening a form
 * from its XForm, anew or from answers kept earlier. It needs no network: XPath runs in WebAssembly that is in the
 * chunk.
 */
export interface Text {
  readonly asString: string;
}
export interface Option {
  readonly label: Text;
  readonly value: string;
}
export interface Violation {
  readonly condition: "constraint" | "required";
  readonly message: Text | null;
}
export interface State {
  readonly reference: string;
  readonly readonly: boolean;
  readonly relevant: boolean;
  readonly required: boolean;
  readonly label: Text | null;
  readonly hint: Text | null;
  readonly children: readonly Node[] | null;
  readonly value: unknown;
  readonly instanceValue?: string;
  readonly valueOptions?: readonly Option[] | null;
}
export interface Node {
  readonly nodeType: string;
  readonly nodeId: string;
  readonly valueType?: string;
  readonly selectType?: string;
  readonly appearances: Iterable<string> | null;
  readonly nodeOptions?: { readonly rows?: number | null } | null;
  readonly definition: { readonly bounds?: { readonly start: unknown; readonly end: unknown; readonly step: unknown } };
  readonly currentState: State;
  readonly validationState: { readonly violation?: Violation | null };
  setValue?(value: unknown): unknown;
  selectValue?(value: string | null): unknown;
  selectValues?(values: readonly string[]): unknown;
  setValues?(values: readonly string[]): unknown;
  addInstances?(after?: number, count?: number): unknown;
  removeInstances?(start: number, count?: number): unknown;
}
export interface Language {
  readonly language: string;
  readonly isDefault: boolean;
}
export interface Root extends Node {
  readonly languages: readonly Language[];
  readonly instanceState: { readonly instanceXML: string };
  setLanguage(language: Language): unknown;
}
export interface Opened {
  root: Root;
  restored: boolean;
}

/** What the engine says about a form that it cannot take. */
export class NotOpened extends Error {}
/** The form opens, but not with those answers. */
export class NotRestored extends Error {}

const nothing = () => Promise.reject(new Error("no attachments"));

/**
 * The form, with the answers in `value` if there are any. `turned` is called whenever something that is drawn changed.
 */
export async function open(xml: string, value: string, turned: () => void): Promise<Opened> {
  const { loadForm } = await import("@getodk/xforms-engine"); // a chunk of its own, kept by the service worker
  const form = await loadForm(xml, {
    fetchFormAttachment: nothing as never,
    missingResourceBehavior: "BLANK" as never,
  });
  if (form.status === "failure") throw new NotOpened(form.error.message);
  const config = {
    stateFactory: <T extends object>(state: T): T =>
      new Proxy(state, {
        set: (on, name, to) => {
          turned();
          return Reflect.set(on, name, to);
        },
      }),
    preloadProperties: { deviceID: "-" }, // else the engine would invent one and keep it on the phone
  };
  if (!value) return { root: form.createInstance(config).root as unknown as Root, restored: false };
  try {
    const data = new FormData();
    data.set("xml_submission_file", new File([value], "xml_submission_file", { type: "text/xml" }));
    const kept = await form.restoreInstance({ data: [data] as never }, config);
    return { root: kept.root as unknown as Root, restored: true };
  } catch (error) {
    throw new NotRestored(error instanceof Error ? error.message : String(error));
  }
}

/** Every node that is asked now, in the order of the form. */
export function* asked(node: Node): Generator<Node> {
  if (!node.currentState.relevant) return;
  if (node.currentState.children) for (const child of node.currentState.children) yield* asked(child);
  else if (!["model-value", "note"].includes(node.nodeType)) yield node;
}

/** The form's own language that fits the screen's; else its default, else its first. */
export function languageFor(languages: readonly Language[], lang: string): Language {
  const fits = (l: Language) =>
    new RegExp(`\\(${lang}\\b|^${lang}$|${lang === "vi" ? "việt|viet" : "english"}`, "i").test(
      l.language.normalize("NFC"),
    );
  return languages.find(fits) ?? languages.find((l) => l.isDefault) ?? languages[0]!;
}

/**
 * The languages of its translations; a form without any has one unnamed language, which the engine does not take back.
 */
export const named = (root: Root): readonly Language[] => root.languages.filter((l) => l.language);

/** Words the form in `chosen` where it has that language, else in the one that fits the screen's. */
export function speak(root: Root, lang: string, chosen = ""): void {
  const languages = named(root);
  if (languages.length) root.setLanguage(languages.find((l) => l.language === chosen) ?? languageFor(languages, lang));
}
