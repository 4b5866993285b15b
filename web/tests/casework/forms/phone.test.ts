import { expect, test } from "vitest";
import { atWork, draftOf } from "../../offline/phone";

test("answers are sent under the version that was asked, though the round asks another by now", async () => {
  const { session, ward } = await atWork();
  ward.doc("round/round-1", { name: "Đợt 11", form: "form-2" });
  ward.doc("form/form-2", { title: "Phiếu", version: "2", xml: "<h2/>" });
  await session.syncNow();
  ward.down = true;
  const form = { id: "form-1", title: "Phiếu", version: "1", xml: "<h1/>" };
  await session.keep(draftOf("door-1", { form_xml: "<a/>", form }));
  await session.finish(session.draft("door-1")!);
  await session.finish(draftOf("door-2", { form_xml: "<b/>" }));
  expect(session.unsentItems.filter((i) => i.kind === "answers").map((i) => i.body)).toMatchObject([
    { form: "form-1", version: "1", xml: "<a/>" },
    { form: "form-2", version: "2", xml: "<b/>" },
  ]);
});
