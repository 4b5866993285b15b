import { expect, test } from "vitest";
import { atWork, door, draftOf, until } from "../../offline/phone";

test("the base of a correction is what stood there when it was begun, though a sync changed it meanwhile", async () => {
  const { session, ward } = await atWork();
  ward.doc("door/door-1", door(1, { landmark: "cây đa" }));
  await session.syncNow();
  const draft = draftOf("door-1", { edits: { landmark: "quán" } });
  await session.keep(draft);
  ward.doc("door/door-1", door(1, { landmark: "tiệm tạp hóa" }));
  await session.syncNow();
  ward.down = true;
  await session.finish({ ...draft, edits: { landmark: "quán nước" } });
  expect(session.unsentItems.find((i) => i.kind === "edit")!.body).toEqual({
    dwelling: "door-1",
    field: "landmark",
    base: "cây đa",
    value: "quán nước",
  });
});

test("a correction sent by itself also says what stood there when it was begun", async () => {
  const { session, ward } = await atWork();
  await session.keep(draftOf("door-1", { edits: { landmark: "quán" } }));
  ward.doc("door/door-1", door(1, { landmark: "cây đa" })); // another team's, meanwhile
  await session.syncNow();
  // As the screen reads it now.
  await session.act("edit", { dwelling: "door-1", field: "landmark", base: "cây đa", value: "quán" });
  await until(() => session.unsentItems.length === 0);
  expect(ward.device().seen.at(-1)!.body).toMatchObject({ base: "", value: "quán" });
});

test("a second correction of the same field begins at the first one", async () => {
  const { session, ward } = await atWork();
  const draft = draftOf("door-1", { note: "x" });
  await session.keep({ ...draft, edits: { landmark: "quán" } });
  await session.act("edit", { dwelling: "door-1", field: "landmark", base: "", value: "quán" });
  await session.keep(draft);
  await session.keep({ ...draft, edits: { landmark: "quán cũ" } });
  await session.finish({ ...draft, edits: { landmark: "quán cũ" } });
  await until(() => session.unsentItems.length === 0);
  expect(
    ward
      .device()
      .seen.filter((i) => i.kind === "edit")
      .map((i) => i.body),
  ).toMatchObject([
    { base: "", value: "quán" },
    { base: "quán", value: "quán cũ" },
  ]);
});
