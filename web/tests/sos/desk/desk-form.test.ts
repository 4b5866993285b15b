import { expect, it } from "vitest";
import type { DeskForm } from "../../../src/sos/desk/desk-form";
import "../../../src/sos/desk/desk-form";
import { incident } from "./make";
import { mount, text, told } from "./mount";

const move = (verb: string, needs: string[]) => ({ verb, from: [], to: "x", by: "desk", needs });
const choice = (code: string) => ({ code, vi: `vi ${code}`, en: `en ${code}` });
const tables = {
  lifecycles: {
    incident: {
      moves: [
        move("close", ["outcome"]),
        move("transfer", ["agency"]),
        move("merge", ["original"]),
        move("resolve", ["reason"]),
        move("triage", []),
      ],
    },
  },
  outcomes: ["helped", "no_trace"].map(choice),
  agencies: ["113", "1022", "other_ward"].map(choice),
  kinds: [choice("fire")],
};
const form = (verb: string, more = {}) => mount<DeskForm>("desk-form", { verb, tables, ...more });
const submit = (f: Element) =>
  f.querySelector("form")!.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
const key = (f: Element, k: string) =>
  f.querySelector("input")!.dispatchEvent(new KeyboardEvent("keydown", { key: k, bubbles: true, cancelable: true }));

it("closes by keyboard alone: the outcome's number, then the button under the focus", async () => {
  const f = await form("close");
  const heard = told<object>(f, "filled");
  key(f, "2");
  await f.updateComplete;
  expect(document.activeElement?.id).toBe("form-ok");
  submit(f);
  expect(heard).toEqual([{ verb: "close", body: { outcome: "no_trace" } }]);
});
it("says what is missing and sends nothing", async () => {
  const f = await form("transfer");
  const heard = told(f, "filled");
  submit(f);
  await f.updateComplete;
  expect(text(f.querySelector(".problem"))).toContain("Chuyển tới");
  expect(heard).toEqual([]);
  expect([...f.querySelectorAll("input")].map((i) => i.value)).toEqual(["113", "1022", "other_ward"]);
});
it("merges only into another open incident", async () => {
  expect(text(await form("merge"))).toContain("Không có vụ nào khác");
  const f = await form("merge", { originals: [incident({ id: "i7", note: "cùng chỗ" })] });
  const heard = told<object>(f, "filled");
  key(f, "1");
  submit(f);
  expect(heard).toEqual([{ verb: "merge", body: { original: "i7" } }]);
});
it("asks a reason in words, and triage by lists", async () => {
  const f = await form("resolve");
  const heard = told<object>(f, "filled");
  const area = f.querySelector("textarea")!;
  area.value = " đã hoà giải ";
  area.dispatchEvent(new Event("input"));
  submit(f);
  expect(heard).toEqual([{ verb: "resolve", body: { reason: "đã hoà giải" } }]);
  expect((await form("triage")).querySelectorAll("select")).toHaveLength(2);
});
