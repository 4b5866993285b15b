/**
 * Not a test by itself: tests/integration/sos/api/test_board.py bundles and runs it. It feeds journal rows, as the
 * stream sends them, one by one to the desk's real feed and board, whose readings are answered with what the
 * server answered before and after; and says what the desk then shows, and what a desk shows that was opened only
 * then.
 */
import type {
  Assignment,
  BoardSnapshot,
  DeskEvent,
  DeskQueuePage,
  FullIncident,
  Unit,
  UnitFix,
} from "../../../src/contract/types";
import type { StreamOptions } from "../../../src/live/sse";
import { Refusal } from "../../../src/live/http";
import { applyEvent, isStale, type Board } from "../../../src/sos/desk/board";
import { Feed, type Ports } from "../../../src/sos/desk/feed";

/** What the server answers at one moment; pages of the queue by their cursor. */
interface Answers {
  board: BoardSnapshot;
  pages: Record<string, DeskQueuePage>;
  assignments: { items: Assignment[] };
  units: { items: Unit[] };
  full: FullIncident | null; // the chosen incident; null: not ours to see
}
interface Case {
  name: string;
  ward: number;
  chosen: string | null;
  before: Answers;
  events: DeskEvent[];
  positions: UnitFix[];
  after: Answers;
}

const quiet = () => undefined;
Object.assign(globalThis, { addEventListener: quiet, removeEventListener: quiet });

interface Desk {
  feed: Feed;
  reading: () => boolean;
  say: (event: DeskEvent) => void;
  move: (units: UnitFix[]) => void;
}

/** A desk whose server answers what `now()` has. */
function desk(ward: number, now: () => Answers): Desk {
  let reading = 0;
  const answer = <T>(what: T): Promise<T> => {
    reading++;
    return new Promise((done) =>
      setTimeout(() => {
        reading--;
        done(what);
      }, 0),
    );
  };
  let wire: StreamOptions | undefined;
  const ports: Ports = {
    getBoard: () => answer(now().board),
    getQueue: (_ward, cursor) => answer(now().pages[cursor ?? ""]!),
    listIncidents: () => Promise.reject(new Error("all of the queue is read")),
    listMessages: () => Promise.reject(new Error("nobody scrolls back")),
    listAssignments: () => answer(now().assignments),
    listUnits: () => answer(now().units),
    getIncident: async () => {
      const { full } = await answer(now());
      if (!full) throw new Refusal({ status: 404, code: "not_found", detail: "", detail_en: "" });
      return full;
    },
    getStreamToken: async () => ({
      token: "t",
      ward_id: ward,
      expires_at: new Date(Date.now() + 900_000).toISOString(),
    }),
    postRendered: async (_token, ids) => ({ seen: ids, at: "" }),
    stream: (options) => {
      wire = options;
      return { close: quiet };
    },
    now: () => Date.now(),
    pause: () => new Promise((done) => setTimeout(done, 0)),
    visible: () => true,
  };
  const feed = new Feed(ward, { changed: quiet, event: quiet }, ports);
  return {
    feed,
    reading: () => reading > 0,
    say: (event) => wire!.onEvent({ event: "message", id: String(event.seq), data: JSON.stringify(event) }),
    move: (units) => wire!.onEvent({ event: "positions", id: null, data: JSON.stringify({ units }) }),
  };
}

/** What an officer sees: the queue with its tasks, the units, the ward. */
function shown(feed: Feed): unknown {
  const { board } = feed;
  const rows = [...board.rows].map(([id, row]) => [
    id,
    { ...row.incident, messages: undefined, messages_older: undefined, tasks: row.assignments },
  ]);
  return {
    rows: Object.fromEntries(rows),
    units: Object.fromEntries(board.units),
    ward: feed.first?.ward,
    chosen: feed.full,
  };
}

async function settled({ feed, reading }: Desk): Promise<void> {
  for (let turn = 0, still = 0; turn < 5000; turn++) {
    await new Promise((done) => setTimeout(done, 0));
    still = isStale(feed.board) || feed.board.unitsStale || reading() ? 0 : still + 1;
    if (still > 5) return;
  }
  throw new Error("the desk never comes to rest");
}

/** What the events alone make of the board, before anything is read again. */
function atOnce(before: Board, events: DeskEvent[]): unknown {
  const board = events.reduce((b, event) => applyEvent(b, event, 0), before);
  return Object.fromEntries([...board.rows].map(([id, row]) => [id, row.incident]));
}

async function replay(one: Case): Promise<unknown> {
  let answers = one.before;
  const old = desk(one.ward, () => answers);
  await old.feed.start();
  old.feed.select(one.chosen);
  await settled(old);
  const begun = old.feed.board;
  answers = one.after;
  for (const event of one.events) {
    old.say(event);
    await settled(old);
  }
  old.move(one.positions);
  await settled(old);
  const fresh = desk(one.ward, () => one.after);
  await fresh.feed.start();
  fresh.feed.select(one.chosen);
  await settled(fresh);
  const told = {
    name: one.name,
    kept: shown(old.feed),
    fresh: shown(fresh.feed),
    begun: atOnce(begun, []),
    at_once: atOnce(begun, one.events),
  };
  for (const { feed } of [old, fresh]) feed.stop();
  return told;
}

export async function replayAll(cases: Case[]): Promise<unknown[]> {
  const told = [];
  for (const one of cases) told.push(await replay(one));
  return told;
}
