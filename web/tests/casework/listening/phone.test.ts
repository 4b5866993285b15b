import { expect, test } from "vitest";
import { openField } from "../../../src/offline/db";
import { newId } from "../../../src/kernel/ids";
import { atWork, draftOf } from "../../offline/phone";

test("of what must be routed out no word leaves the phone or stays on it", async () => {
  const { session, ward } = await atWork();
  ward.down = true;
  await session.finish(
    draftOf("door-1", {
      issues: [
        {
          id: newId(),
          kind: "domestic_violence",
          words: "bí mật",
          place: "bếp",
          urgency: "urgent",
          reply_by: "visit",
          promised_on: "",
          confidential: true,
          answer: "x",
        },
      ],
    }),
  );
  expect(session.unsentItems[1]!.body).toEqual({ visit: session.unsentItems[0]!.id, kind: "domestic_violence" });
});

test("of what must be routed out no photo and no voice leaves the phone or stays on it", async () => {
  const { session, ward, name } = await atWork();
  ward.down = true;
  const issue = {
    id: newId(),
    kind: "domestic_violence",
    words: "",
    place: "",
    urgency: "ordinary" as const,
    reply_by: "",
    promised_on: "",
    confidential: false,
    answer: "",
  };
  const draft = draftOf("door-1", { issues: [issue] });
  const voice = await session.addFile(draft, "voice", new Blob(["giọng"], { type: "audio/mp4" }));
  const photo = await session.addFile(session.draft("door-1")!, "photo", new Blob(["ngõ"], { type: "image/jpeg" }));
  await session.finish({ ...session.draft("door-1")!, files: [{ ...voice, subject: issue.id }, photo] });
  expect(session.unsentItems.map((i) => [i.kind, i.id]).slice(2)).toEqual([["file", photo.id]]);
  expect([await session.file(voice.id), await (await openField(name)).count("files")]).toEqual([null, 1]);
});
