import { describe, expect, test } from "vitest";
import {
  chatOf,
  deskWord,
  isOver,
  lineOf,
  mayPressAgain,
  mend,
  merge,
  minutesLeft,
  numberOf,
  shouldCall,
  steps,
  takeStatus,
  wardOf,
  worthResuming,
  worthSending,
  takeChange,
  takeOlder,
  saidSoFar,
} from "../../../src/sos/press/state";
import { answer, ID, iso, record, status, T0 } from "./make";

const at = (s: number) => T0 + s * 1000;
const unit = (state: string) => [{ call_sign: "Mẫu-01", state }];

describe("the one line", () => {
  test("says 'sending' only for 3 s and only before a failure", () => {
    expect(lineOf(record(), at(2))).toBe("sending");
    expect(lineOf(record(), at(3.1))).toBe("unsent");
    expect(lineOf(record({ tries: 1 }), at(0.5))).toBe("unsent");
  });
  test.each([
    ["stored", {}],
    ["seen", { seen_at: iso(5) }],
    ["acknowledged", { state: "acknowledged", acknowledged_at: iso(6) }],
    ["acknowledged", { state: "responding", acknowledged_at: iso(6), units: [] }],
    ["coming", { state: "responding", acknowledged_at: iso(6), coming_at: iso(9), units: unit("accepted") }],
    ["coming", { state: "responding", coming_at: iso(9), units: unit("en_route") }],
    ["arrived", { state: "responding", coming_at: iso(9), arrived_at: iso(60), units: unit("on_scene") }],
    ["resolved", { state: "resolved", resolved_at: iso(90) }],
    ["closed", { state: "closed", closed_at: iso(99) }],
    ["transferred", { state: "transferred", agency: "114" }],
  ])("%s", (line, more) => {
    expect(lineOf(record({ answer: answer(), status: status(more) }), at(10))).toBe(line);
  });
  test("a unit that was called back is not coming any more", () => {
    const back = record({
      answer: answer(),
      status: status({ state: "acknowledged", seen_at: iso(2), acknowledged_at: iso(6), coming_at: iso(9), units: [] }),
    });
    expect(lineOf(back, at(20))).toBe("acknowledged");
    expect(steps(back, at(20))).toEqual([iso(1), iso(2), iso(6), null, null, null]);
  });
});

describe("when to ring instead", () => {
  test("unsent at once; stored after 30 s unseen; never once seen", () => {
    expect(shouldCall(record({ tries: 1 }), at(1))).toBe(true);
    expect(shouldCall(record({ answer: answer() }), at(29))).toBe(false);
    expect(shouldCall(record({ answer: answer() }), at(31))).toBe(true);
    expect(shouldCall(record({ answer: answer({ seen_at: iso(2) }) }), at(300))).toBe(false);
  });
  test("outside the area always, until a better fix brought it inside", () => {
    expect(shouldCall(record({ answer: answer({ outside: true, seen_at: iso(2) }) }), at(3))).toBe(true);
    expect(
      shouldCall(
        record({
          answer: answer({ outside: true, seen_at: iso(2) }),
          status: status({ outside: false, seen_at: iso(2) }),
        }),
        at(3),
      ),
    ).toBe(false);
  });
  test("the number follows what is happening", () => {
    expect(numberOf(record())).toBe("113");
    expect(numberOf(record({ facts: [{ fact_id: "1", kind: "kind", value: "fire" }] }))).toBe("114");
    expect(numberOf(record({ facts: [{ fact_id: "1", kind: "kind", value: "fire", sent_at: "refused" }] }))).toBe(
      "113",
    );
  });
});

describe("mending a refused press", () => {
  const body = { press_id: ID, at: iso(0), lat: 10, lon: 106, accuracy_m: 5, place_code: "X", note: "n" };
  test("an unknown place code goes, the press keeps its id", () => {
    expect(mend(body, ["place_code"], undefined, "new")).toEqual({
      press_id: ID,
      at: iso(0),
      lat: 10,
      lon: 106,
      accuracy_m: 5,
      note: "n",
    });
  });
  test("a wrong clock takes the server's time; a reused id a new one; a bad position goes whole", () => {
    expect(mend(body, ["at"], iso(999), "new").at).toBe(iso(999));
    expect(mend(body, ["press_id"], undefined, "new").press_id).toBe("new");
    expect(mend(body, ["lat", "lon"], undefined, "new")).toEqual({
      press_id: ID,
      at: iso(0),
      place_code: "X",
      note: "n",
    });
  });
  test("when nothing that can be mended is named, the least that a press can be is sent", () => {
    expect(mend(body, ["body"], iso(7), "new")).toEqual({ press_id: "new", at: iso(7) });
    expect(mend(body, [], undefined, "new")).toEqual({ press_id: "new", at: iso(0) });
  });
});

test("an older snapshot never replaces a newer one", () => {
  const now = record({ status: status({ seq: 9, state: "closed" }) });
  expect(takeStatus(now, status({ seq: 8 }), at(1)).status!.state).toBe("closed");
  expect(takeStatus(now, status({ seq: 9, state: "received" }), at(1)).status!.state).toBe("received");
});

test("a case moved to another ward is followed there, although that ward's numbers are lower", () => {
  const here = record({ answer: answer({ ward_id: 1 }), status: status({ seq: 500, ward_id: 1 }) });
  const there = takeStatus(here, status({ seq: 20, ward_id: 2, seen_at: iso(5) }), at(6));
  expect(lineOf(there, at(6))).toBe("seen");
  expect(takeStatus(there, status({ seq: 19, ward_id: 2 }), at(7))).toBe(there);
  expect([wardOf(here), wardOf(there)]).toEqual(["Phường Mẫu", null]); // the old name would be a lie
  expect(wardOf(takeStatus(there, status({ seq: 21, ward_id: 2, ward_name: "Phường Bên" }), at(8)))).toBe("Phường Bên");
});

test("two tabs together: no fact is lost, what one has sent the other does not send again", () => {
  const mine = record({
    facts: [
      { fact_id: "1", kind: "note" },
      { fact_id: "2", kind: "chat" },
    ],
  });
  const theirs = record({
    tries: 4,
    answer: answer(),
    status: status({ seq: 7 }),
    calm: true,
    calm_after: 1,
    facts: [
      { fact_id: "1", kind: "note", sent_at: iso(3) },
      { fact_id: "3", kind: "fix" },
      { fact_id: "4", kind: "cancel" },
    ],
  });
  const both = merge(mine, theirs);
  expect(both.facts.map((f) => [f.fact_id, f.sent_at])).toEqual([
    ["1", iso(3)],
    ["2", undefined],
    ["3", undefined],
    ["4", undefined],
  ]);
  expect([both.answer?.track_token, both.status?.seq, both.calm, both.calm_after]).toEqual(["tok", 7, true, 1]);
  expect(merge(both, mine).answer?.track_token).toBe("tok");
});

test("a mistake said in the other tab calms this one too, even when this one has taken a better fix meanwhile", () => {
  const fix = { fact_id: "f", kind: "fix" };
  const cancel = { fact_id: "c", kind: "cancel" };
  const both = merge(record({ facts: [fix] }), record({ facts: [cancel], calm: true, calm_after: 0 }));
  expect([both.calm, both.facts.map((f) => f.fact_id)]).toEqual([true, ["f", "c"]]);
  expect(merge(record({ facts: [cancel], calm: true }), record({ facts: [fix], calm: false })).calm).toBe(true);
});

test("the desk's last word stands until it is answered; the calm screen shows only what came after the mistake", () => {
  const messages = [
    { id: "a", at: iso(2), by: "desk" as const, text: "Đang đến" },
    { id: "b", at: iso(9), by: "desk" as const, text: "Có sao không?" },
  ];
  const r = record({ answer: answer(), status: status({ messages: messages.slice(0, 1) }) });
  expect(deskWord(r)?.text).toBe("Đang đến");
  expect(deskWord({ ...r, facts: [{ fact_id: "c", kind: "chat", text: "Dạ" }] })).toBeNull();
  expect(chatOf({ ...r, calm: true, calm_after: 1 })).toEqual([]);
  expect(chatOf({ ...r, calm: true, calm_after: 1, status: status({ messages }) }).map((m) => m.id)).toEqual(["b"]);
});

test("minutes are counted down from when they were said, and not below one", () => {
  const r = record({ answer: answer(), status: status({ eta_s: 300 }), status_at: at(0) });
  expect([minutesLeft(r, at(0)), minutesLeft(r, at(240)), minutesLeft(r, at(290)), minutesLeft(r, at(301))]).toEqual([
    5,
    1,
    1,
    null,
  ]);
});

test("an open press is resumed for a week, a closed one for ten minutes, a closed silent one never", () => {
  const closed = { answer: answer(), status: status({ state: "closed" }) };
  expect(worthResuming(record(), at(6 * 86400))).toBe(true);
  expect(worthResuming(record(), at(8 * 86400))).toBe(false);
  expect([worthResuming(record(closed), at(500)), worthResuming(record(closed), at(700))]).toEqual([true, false]);
  expect(worthResuming(record({ ...closed, body: { press_id: ID, at: iso(0), silent: true } }), at(5))).toBe(false);
  expect(isOver(record(closed))).toBe(true);
});

test("a new SOS is offered when the old one is over, a mistake, or a quarter of an hour old", () => {
  expect(mayPressAgain(record({ answer: answer() }), at(60))).toBe(false);
  expect(mayPressAgain(record({ answer: answer() }), at(901))).toBe(true);
  expect(mayPressAgain(record({ calm: true }), at(1))).toBe(true);
  expect(mayPressAgain(record(), at(5000))).toBe(false); // an unsent press is not given up
});

test("a fix is sent when it is better, elsewhere or a minute old – not all the time", () => {
  const first = { lat: 1, lon: 1, accuracy_m: 30, at: 0 };
  expect(worthSending(null, first, 0)).toBe(true);
  expect(worthSending(first, { ...first, accuracy_m: 20, at: 2000 }, 0)).toBe(true);
  expect(worthSending(first, { ...first, accuracy_m: 28, at: 2000 }, 3)).toBe(false);
  expect(worthSending(first, { ...first, at: 5000 }, 40)).toBe(true);
  expect(worthSending(first, { ...first, at: 5000 }, 25)).toBe(false);
  expect(worthSending(first, { ...first, at: 61_000 }, 0)).toBe(true);
});

const said = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => ({ id: `m${from + n}`, at: iso(1), by: "desk" as const, text: "" }));

test("a change is laid over what is known, only if that is not newer, and brings no line twice", () => {
  const r = record({ status: status({ seq: 5, ward_id: 1, messages: said(0, 2), messages_total: 2 }) });
  const told = takeChange(r, { seq: 6, seen_at: iso(2), messages: said(1, 3), messages_total: 3 }, 9);
  expect(told.status?.messages.map((m) => m.id)).toEqual(["m0", "m1", "m2"]);
  expect([told.status?.seen_at, told.status?.seq, told.status?.state]).toEqual([iso(2), 6, "received"]);
  expect(takeChange(told, { seq: 5, state: "closed" }, 9)).toBe(told);
  expect(takeChange(told, { seq: 2, ward_id: 2 }, 9).status?.ward_id).toBe(2); // another ward counts for itself
});

test("on the calm screen a long chat shows only what came after it, however much of it is known", () => {
  const r = record({ answer: answer(), status: status({ messages: said(50, 100), messages_total: 100 }) });
  expect(saidSoFar(r)).toBe(100);
  const calm = { ...r, calm: true, calm_after: saidSoFar(r) };
  expect(chatOf(calm)).toEqual([]);
  const next = takeChange(calm, { seq: 2, messages: said(100, 101), messages_total: 101 }, 9);
  expect(chatOf(next).map((m) => m.id)).toEqual(["m100"]);
  const back = takeOlder(next, { lines: said(0, 50), older: null });
  expect(back.status?.messages).toHaveLength(101);
  expect(chatOf(back).map((m) => m.id)).toEqual(["m100"]);
});
