import { afterEach, describe, expect, it, vi } from "vitest";
import { NotRestored, type Node, type Root } from "../../../src/casework/forms/engine";
import type { FieldForm, FormChange } from "../../../src/casework/forms/field-form";

/** A form of two questions, as the engine would hand it over: a number that is required, and a choice. */
class Fake {
  values: Record<string, string> = { age: "", need: "" };
  language = "Tiếng Việt (vi)";
  languages: { language: string; isDefault: boolean; isSyntheticDefault?: true }[] = [
    { language: "Tiếng Việt (vi)", isDefault: true },
    { language: "English (en)", isDefault: false },
  ];
  relevant = true;
  turned = () => {};
  readonly root = this.node("root", {
    children: () => [
      this.node("input", {
        id: "age",
        valueType: "int",
        required: true,
        label: () => (this.language.startsWith("T") ? "Tuổi" : "Age"),
      }),
      this.node("select", { id: "need", selectType: "select1", label: () => "Cần gì", relevant: () => this.relevant }),
    ],
  }) as unknown as Root;

  node(
    nodeType: string,
    of: {
      id?: string;
      valueType?: string;
      selectType?: string;
      required?: boolean;
      label?: () => string;
      children?: () => Node[];
      relevant?: () => boolean;
    },
  ): Node {
    const fake = this;
    const id = of.id ?? "root";
    const children = of.children?.() ?? null;
    return {
      nodeType,
      nodeId: id,
      valueType: of.valueType ?? "string",
      selectType: of.selectType ?? "",
      appearances: [],
      nodeOptions: null,
      definition: {},
      get languages() {
        return fake.languages;
      },
      setLanguage: (l: { language: string }) => {
        if (!fake.languages.some((own) => !own.isSyntheticDefault && own.language === l.language))
          throw new Error(`Language "${l.language}" not available`); // as the engine does
        fake.language = l.language;
      },
      setValue: (v: unknown) => {
        fake.values[id] = String(v);
        fake.turned();
      },
      selectValue: (v: string | null) => {
        fake.values[id] = v ?? "";
        fake.turned();
      },
      instanceState: {
        get instanceXML() {
          return `<data>${fake.values["age"]}|${fake.values["need"]}</data>`;
        },
      },
      validationState: {
        get violation() {
          return of.required && !fake.values[id]
            ? { condition: "required", message: null }
            : fake.values[id] === "200"
              ? { condition: "constraint", message: { asString: "Quá lớn" } }
              : null;
        },
      },
      currentState: {
        reference: `/data/${id}`,
        readonly: false,
        get relevant() {
          return of.relevant?.() ?? true;
        },
        required: of.required ?? false,
        hint: null,
        children,
        get label() {
          return of.label ? { asString: of.label() } : null;
        },
        get value() {
          return nodeType === "select" ? [fake.values[id]].filter(Boolean) : fake.values[id];
        },
        get instanceValue() {
          return fake.values[id]!;
        },
        valueOptions:
          nodeType === "select"
            ? [
                { value: "job", label: { asString: "Việc làm" } },
                { value: "loan", label: { asString: "Vay" } },
              ]
            : null,
      },
    } as unknown as Node;
  }
}
let fake = new Fake();
let fail: Error | null = null;
const opened: [string, string][] = [];
vi.mock("../../../src/casework/forms/engine", async (load) => ({
  ...(await load<object>()),
  open: async (xml: string, value: string, turned: () => void) => {
    opened.push([xml, value]);
    if (fail && value) throw fail;
    if (xml === "broken") throw new Error("no such form");
    fake.turned = turned;
    return { root: fake.root, restored: value !== "" };
  },
}));
await import("../../../src/casework/forms/field-form");

async function form(xml = "<form/>", value = "", lang = "vi"): Promise<{ form: FieldForm; said: FormChange[] }> {
  const made = document.createElement("field-form") as FieldForm;
  const said: FormChange[] = [];
  made.addEventListener("change", (e) => said.push((e as CustomEvent<FormChange>).detail));
  Object.assign(made, { xml, value, lang });
  document.body.append(made);
  await settle(made);
  return { form: made, said };
}
async function settle(made: FieldForm): Promise<void> {
  for (let n = 0; n < 4; n++) await Promise.resolve().then(() => made.updateComplete);
}
async function type(made: FieldForm, text: string): Promise<void> {
  const input = made.querySelector<HTMLInputElement>("input[inputmode]")!;
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  await settle(made);
}

describe("field-form", () => {
  afterEach(() => {
    document.body.innerHTML = "";
    fake = new Fake();
    fail = null;
    opened.length = 0;
  });

  it("opens a form without translations, whose one language has no name", async () => {
    fake.languages = [{ language: "", isDefault: false, isSyntheticDefault: true }];
    const { form: made } = await form();
    expect(made.querySelector("[role=alert]:not([hidden])")).toBeNull();
    expect(made.querySelectorAll("label, legend").length).toBeGreaterThan(1);
    expect(made.querySelector("select")).toBeNull(); // nothing to choose a language from
    made.lang = "en";
    await settle(made);
    expect(made.textContent).toContain("Tuổi");
  });

  it("takes a number with a comma as it is written here, and nothing that only a computer calls a number", async () => {
    fake.values["age"] = "";
    const { form: made, said } = await form();
    (
      made as unknown as { root: { currentState: { children: { valueType: string }[] } } }
    ).root.currentState.children[0]!.valueType = "decimal";
    await type(made, "18,5");
    expect(said.at(-1)).toMatchObject({ xml: "<data>18.5|</data>", missing: [] });
    for (const odd of ["1e5", "0x10", "Infinity", "1,2,3", ","]) {
      await type(made, odd);
      expect(
        said.at(-1)!.missing.map((m) => m.message),
        odd,
      ).toEqual(["Hãy nhập một số."]);
    }
  });

  it("says nothing until something was answered, then everything at once", async () => {
    const { form: made, said } = await form();
    expect(said).toEqual([]);
    await type(made, "7");
    expect(said).toEqual([{ xml: "<data>7|</data>", valid: true, missing: [] }]);
    made.querySelectorAll<HTMLInputElement>("input[type=radio]")[1]!.click();
    await settle(made);
    expect(said.at(-1)!.xml).toBe("<data>7|loan</data>");
    expect(said.every((s) => s !== null)).toBe(true); // the controls' own change events do not get out
  });

  it("goes on with what was kept, and says whether it is complete", async () => {
    const { said } = await form("<form/>", "<data>|</data>");
    expect(opened).toEqual([["<form/>", "<data>|</data>"]]);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({ valid: false, missing: [{ label: "Tuổi", message: "Cần trả lời câu này." }] });
  });

  it("is not opened again by its own answers coming back", async () => {
    const { form: made, said } = await form();
    await type(made, "7");
    made.value = said.at(-1)!.xml;
    await settle(made);
    expect(opened).toHaveLength(1);
    made.value = "<data>8|</data>";
    await settle(made);
    expect(opened).toHaveLength(2);
  });

  it("keeps what is no number as typed, and counts it as missing", async () => {
    const { form: made, said } = await form();
    await type(made, "bảy");
    const input = made.querySelector<HTMLInputElement>("input[inputmode]")!;
    input.dispatchEvent(new Event("blur"));
    await settle(made);
    expect(input.value).toBe("bảy");
    expect(said.at(-1)).toMatchObject({ valid: false, missing: [{ message: "Hãy nhập một số." }] });
    await type(made, "7.5");
    expect(said.at(-1)).toMatchObject({ valid: false, missing: [{ message: "Hãy nhập số nguyên." }] });
    await type(made, "7");
    expect(said.at(-1)!.valid).toBe(true);
  });

  it("complains only about what was touched, in the form's words where it has some", async () => {
    const { form: made } = await form();
    const shown = () => [...made.querySelectorAll<HTMLElement>("[role=alert]:not([hidden])")].map((e) => e.textContent);
    expect(shown()).toEqual([]);
    await type(made, "200");
    expect(shown()).toEqual(["Quá lớn"]);
    expect(made.querySelector("input[inputmode=numeric]")!.getAttribute("aria-invalid")).toBe("true");
    expect(made.querySelector(".left")!.textContent).toContain("Còn 1 câu");
  });

  it("does not show or count what is not relevant", async () => {
    const { form: made } = await form();
    expect(made.querySelectorAll("input[type=radio]")).toHaveLength(2);
    fake.relevant = false;
    fake.turned();
    await settle(made);
    expect(made.querySelectorAll("input[type=radio]")).toHaveLength(0);
  });

  it("speaks the form's language that fits the screen, or the one chosen", async () => {
    const { form: made } = await form("<form/>", "", "en");
    expect(made.querySelector("label[for]")!.textContent).toContain("Age");
    const select = made.querySelector("select")!;
    select.value = "Tiếng Việt (vi)";
    select.dispatchEvent(new Event("input", { bubbles: true }));
    await settle(made);
    expect(made.querySelector("label[for]")!.textContent).toContain("Tuổi");
  });

  it("every control has a name", async () => {
    const { form: made } = await form();
    for (const input of made.querySelectorAll("input"))
      expect(input.closest("label") ?? made.querySelector(`label[for="${input.id}"]`)).not.toBeNull();
  });

  it("says so when a form cannot be opened, and does not overwrite answers that cannot be", async () => {
    const broken = await form("broken");
    expect(broken.form.textContent).toContain("no such form");
    fail = new NotRestored("another form");
    const { form: made, said } = await form("<form/>", "<old/>");
    expect(made.querySelector("[role=alert]")!.textContent).toContain("bản khác");
    expect(said).toEqual([]);
    made.querySelector("button")!.click();
    await settle(made);
    expect(made.querySelector("input[inputmode=numeric]")).not.toBeNull();
  });
});
