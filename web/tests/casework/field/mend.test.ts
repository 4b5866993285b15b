import { beforeEach, describe, expect, it, test } from "vitest";
import "../../../src/casework/field/mend";
import "../../../src/casework/field/settings";
import "../../../src/casework/field/tell";
import "../../../src/casework/field/today";
import { ground } from "../../../src/casework/field/context";
import { begin } from "../../../src/casework/field/draft";
import { sentence } from "../../../src/casework/field/sync-line";
import { Undo } from "../../../src/casework/field/undo";
import type { Held } from "../../../src/casework/field/types";
import { mount, text } from "../../sos/desk/mount";
import { button, door, FakeSession, session, settle } from "./fake";

let s: FakeSession;
beforeEach(() => (s = session()));
const screen = async (tag: string, given: object = {}) => {
  const root = (await mount(tag, given)) as unknown as HTMLElement;
  await settle(root);
  return root;
};

describe("two values for one thing", () => {
  beforeEach(() =>
    s.docs.push({
      kind: "conflict",
      id: "c1",
      digest: "",
      body: {
        dwelling: door(1),
        address: "1 Đường Huỳnh Văn Lũy",
        field: "landmark",
        a: { value: "cổng xanh", by: "Trần An", at: "2026-11-25T01:00:00Z" },
        b: { value: "cạnh quán phở", by: "Lê Bình", at: "2026-11-25T02:00:00Z" },
        both: true,
      },
    }),
  );
  it("shows both with who and when, and keeps what is chosen", async () => {
    const root = await screen("field-mend");
    for (const words of ["cổng xanh", "cạnh quán phở", "Trần An, 25/11/2026 08:00", "Lê Bình"])
      expect(text(root)).toContain(words);
    button(root, "Giữ cả hai").click();
    await settle(root);
    expect(s.acted).toEqual([{ kind: "settle", body: { conflict: "c1", keep: "both" } }]);
    expect(text(root)).toContain("Không còn việc nào");
  });
});

test("a correction of mine that met another is asked about once, and both values are to be seen", async () => {
  const side = (value: string, by: string) => ({ value, by, at: "2026-11-25T01:00:00Z" });
  const c2 = {
    dwelling: door(2),
    address: "2 Đường Huỳnh Văn Lũy",
    field: "landmark" as const,
    a: side("cổng xanh", "Trần An"),
    b: side("cạnh quán phở", "Lê Bình"),
    both: true,
  };
  s.docs.push({ kind: "conflict", id: "c2", digest: "", body: c2 });
  s.held = [
    {
      heldAt: "",
      item: {
        n: 5,
        kind: "edit",
        id: "e1",
        at: "2026-11-25T02:00:00Z",
        body: { dwelling: door(2), field: "landmark", base: "", value: "cạnh quán phở" },
      },
      result: { n: 5, id: "e1", status: "conflict", conflict: { id: "c2", ...c2 } },
    },
  ];
  const root = await screen("field-mend");
  expect(root.querySelectorAll(".mend")).toHaveLength(1);
  expect(text(root)).toMatch(/cạnh quán phở.*cổng xanh/);
  button(root, "Giữ cả hai").click();
  await settle(root);
  expect(s.asked).toEqual([["resolve", "both"]]);
  expect(text(root)).toContain("Không còn việc nào"); // though the server's document is still here
});

test("what the server would not take: what I wrote beside what it says; nothing goes without a choice", async () => {
  const held: Held = {
    heldAt: "2026-11-25T03:00:00Z",
    item: {
      n: 4,
      kind: "issue",
      id: "i1",
      at: "2026-11-25T02:59:00Z",
      body: { visit: "v", kind: "report", words: "Nước ngập đầu hẻm" },
    },
    result: { n: 4, id: "i1", status: "refused", code: "gone", detail: "Đợt đã kết thúc." },
  };
  s.held = [held];
  const root = await screen("field-mend");
  expect(text(root)).toContain("Nước ngập đầu hẻm");
  expect(text(root)).toContain("Đợt đã kết thúc.");
  button(root, "Giữ của tôi").click();
  await settle(root);
  expect(s.asked).toEqual([["resolve", "mine"]]);
});

test("an answer is told by one tap on the channel, and is gone from the list at once", async () => {
  s.docs.push({
    kind: "issue",
    id: "i1",
    digest: "",
    body: {
      dwelling: door(1),
      kind: "report",
      kind_name: "phản ánh",
      words: "Đèn hỏng",
      answer: "Thay ngày 30/11",
      state: "answered",
      state_name: "đã có trả lời",
      reply_by: "phone",
      reply_due_at: null,
      late: true,
      verbs: ["tell"],
    },
  });
  const root = await screen("field-tell");
  expect(text(root)).toContain("Thay ngày 30/11");
  button(root, "Vi phone").click();
  await settle(root);
  expect(s.acted).toEqual([{ kind: "issue_verb", body: { issue: "i1", verb: "tell", channel: "phone" } }]);
  expect(text(root)).toContain("Không còn câu trả lời nào");
  s.unsentItems = []; // sent, and the documents not read again yet
  s.changed();
  await settle(root);
  expect(text(root)).toContain("Không còn câu trả lời nào");
  const issue = s.docs.find((d) => d.id === "i1")!;
  issue.body = structuredClone(issue.body); // read again: the office has answered once more
  s.changed();
  await settle(root);
  expect(text(root)).toContain("Thay ngày 30/11");
});

test.each([
  [{}, "Đã gửi hết 12:03"],
  [{ unsent: 3 }, "Còn 3 mục chưa gửi – máy vẫn giữ"],
  [{ unsent: 3, online: false }, "Còn 3 mục chưa gửi – máy vẫn giữ"],
  [{ held: 2, unsent: 1 }, "2 việc cần bạn xem – máy vẫn giữ"],
  [{ busy: true, progress: { done: 40, of: 200 } }, "Đang nhận 40/200"],
  [{ lastAt: null, online: false }, "Chưa có mạng"],
])("the line says %j as: %s", (change, words) => expect(sentence(ground.t, { ...s.sync, ...change }).text).toBe(words));

describe("today", () => {
  it("has progress, the next door on top, late promises first, and finds without marks", async () => {
    s.docs.push({
      kind: "promise",
      id: "p1",
      digest: "",
      body: {
        what: "reply",
        dwelling: door(2),
        address: "2 Đường Huỳnh Văn Lũy",
        due_at: "2026-11-20T02:00:00Z",
        late: true,
        how_name: "điện thoại",
      },
    });
    const root = await screen("field-today", { undo: new Undo(s) });
    expect(text(root)).toContain("Đã tới 0/3 căn");
    expect(text(root.querySelector(".next"))).toContain("1 Đường Huỳnh Văn Lũy");
    expect(text(root.querySelector(".owed"))).toContain("trễ hẹn");
    s.docs.push({
      kind: "promise",
      id: "p2",
      digest: "",
      body: {
        what: "visit",
        dwelling: door(3),
        address: "3 Đường Huỳnh Văn Lũy",
        due_at: "2026-11-20T02:00:00Z",
        late: true,
      },
    });
    s.changed();
    await settle(root);
    expect(root.querySelectorAll(".owed li")).toHaveLength(2);
    const known = s.claim;
    // Kept and sent, the documents are older.
    s.claim = ((_: string, d: string) =>
      d === door(3) ? { outcome: "met", at: "", sent: true, id: "v" } : null) as never;
    s.changed();
    await settle(root);
    expect(root.querySelectorAll(".owed li")).toHaveLength(1);
    s.claim = known;
    const search = root.querySelector<HTMLInputElement>("input[type=search]")!;
    search.value = "huynh 3";
    search.dispatchEvent(new Event("input"));
    await settle(root);
    expect([...root.querySelectorAll(".door b")].map((b) => b.textContent)).toEqual(["3 Đường Huỳnh Văn Lũy"]);
  });
});

describe("settings", () => {
  it("three sizes, contrast and hand take effect at once", async () => {
    const root = await screen("field-settings");
    for (const words of ["Rất lớn", "Nắng gắt", "Trái"]) button(root, words).click();
    const { dataset } = document.documentElement;
    expect([dataset["size"], dataset["hand"], document.documentElement.hasAttribute("data-sun")]).toEqual([
      "3",
      "left",
      true,
    ]);
  });
  it("offers the file also when nothing but a begun talk is on the phone", async () => {
    const root = await screen("field-settings");
    expect(text(root)).not.toContain("Lưu phần chưa gửi");
    await s.keep({ ...begin(s, door(1)), note: "nửa câu" });
    await settle(root);
    expect(text(root)).toContain("Lưu phần chưa gửi");
  });
  it("takes in the file of another phone with that phone's PIN, and says why when it is the wrong one", async () => {
    const root = await screen("field-settings");
    const part = root.querySelector("field-take-in")!;
    const choose = part.querySelector<HTMLInputElement>("input[type=file]")!;
    expect(part.querySelector("pin-pad")).toBeNull();
    Object.defineProperty(choose, "files", { value: [new File(["x"], "binhan.bin")] });
    choose.dispatchEvent(new Event("change"));
    await settle(root);
    const pin = (typed: string) =>
      part.querySelector("pin-pad")!.dispatchEvent(new CustomEvent("pin", { detail: typed }));
    pin("111222");
    await settle(root);
    expect(part.querySelector("[role=alert]")).not.toBeNull();
    pin("135790");
    await settle(root);
    expect(text(part)).toContain("Đã nhận 3 mục");
    expect(part.querySelector("pin-pad")).toBeNull();
  });
  it("leaving says what waits, and says why when it cannot be", async () => {
    s.sync = { ...s.sync, unsent: 2 };
    s.refuse = Object.assign(new Error(), { said: { vi: "Còn thứ chưa gửi: chưa thể rời máy.", en: "" } });
    HTMLDialogElement.prototype.showModal ??= () => undefined;
    const root = await screen("field-settings");
    button(root, "Rời máy này").click();
    await settle(root);
    expect(text(root.querySelector("dialog"))).toContain("Còn 2 mục chưa gửi");
    button(root.querySelector("dialog")!, "Gửi rồi xóa").click();
    await settle(root);
    expect(text(root)).toContain("chưa thể rời máy");
  });
});
