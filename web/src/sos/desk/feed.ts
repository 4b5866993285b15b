/**
 * Keeps the board true: the first picture, the event stream from its seq, reading again what events touched
 * (coalesced), receipts of painted alarms, and a new stream before the token of the old one ends.
 */
import * as contract from "../../contract/api";
import type { Warning } from "../../contract/api";
import type { BoardSnapshot, DeskEvent, FullIncident, Hello, Incident, UnitFix } from "../../contract/types";
import { before, latest } from "../../kernel/chat";
import { Refusal } from "../../live/http";
import { EventStream, type StreamEvent, type StreamOptions } from "../../live/sse";
import {
  applyEvent,
  applyFixes,
  applyIncident,
  applySnapshot,
  applyUnits,
  EMPTY,
  incidentOf,
  isOpen,
  isStale,
  renames,
  type Board,
} from "./board";
import { Receipts } from "./receipts";
import { heard, lost, NEW_LINE, opened, type Line } from "./line";
import { Pass } from "./pass";

export type Ports = Pick<
  typeof contract,
  | "getBoard"
  | "getQueue"
  | "listIncidents"
  | "listAssignments"
  | "listUnits"
  | "getIncident"
  | "listMessages"
  | "getStreamToken"
  | "postRendered"
> & {
  stream: (options: StreamOptions) => { close(): void };
  now: () => number;
  pause: (ms: number) => Promise<void>;
  visible: () => boolean;
};
export const REAL: Ports = {
  ...contract,
  stream: (options) => new EventStream(options),
  now: () => Date.now(),
  pause: (ms) => new Promise((done) => setTimeout(done, ms)),
  visible: () => document.visibilityState === "visible",
};
export interface Listener {
  changed(): void;
  event(event: DeskEvent, before: Board): void;
}
const SETTLE_MS = 150;
const RETRY_MS = 1500;
const RENEW_BEFORE_S = 60;
const BEAT_MS = 3000; // a desk counts as watching for ten seconds after it last said so
const MAX_PAGES = 6; // at a time; more on demand

export class Feed {
  board: Board = EMPTY;
  line: Line = NEW_LINE;
  first: BoardSnapshot | null = null;
  full: FullIncident | null = null;
  selected: string | null = null;
  warnings: Warning[] = [];
  offsetMs = 0;
  /** How many open incidents are not on the board: the least urgent, since the queue is read from its head. */
  left = 0;
  private reach = MAX_PAGES;
  private fullStale = false;
  private wardStale = false;
  private settling = false;
  private stopped = false;
  private streams: { close(): void }[] = [];
  private greeted: { close(): void } | null = null;
  private readonly pass: Pass;
  private streamId: string | undefined;
  private renewal: ReturnType<typeof setTimeout> | undefined;
  private beats: ReturnType<typeof setInterval> | undefined;
  private readonly receipts: Receipts;

  constructor(
    readonly ward: number,
    private readonly on: Listener,
    private readonly ports: Ports = REAL,
  ) {
    this.receipts = new Receipts(async (ids, visible, stream) =>
      this.warn(await ports.postRendered(await this.freshToken(), ids, visible, stream)),
    );
    this.pass = new Pass(() => this.signed(ports.getStreamToken(ward)), RENEW_BEFORE_S * 500);
  }

  /** The server's clock, as far as we know it. */
  now(): number {
    return this.ports.now() + this.offsetMs;
  }

  async start(): Promise<void> {
    this.turn(false); // until the hello there is no line, and the lamp says for how long
    await this.readBoard();
    if (this.stopped) return;
    if (this.left) this.refresh();
    this.open();
    addEventListener("offline", this.cut);
    this.beats = setInterval(() => void this.receipt([]), BEAT_MS);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.renewal);
    clearInterval(this.beats);
    removeEventListener("offline", this.cut);
    for (const stream of this.streams) stream.close();
    this.streams = [];
  }

  /** Follow one incident whole: facts, units, chat. */
  select(id: string | null): void {
    if (id === this.selected) return;
    this.selected = id;
    this.full = null;
    this.fullStale = id !== null;
    this.on.changed();
    void this.settle();
  }

  /** The answer of a verb is the newest truth about its incident. */
  take(incident: FullIncident): void {
    if (incident.id === this.selected) this.full = this.whole(incident);
    this.put(applyIncident(this.board, incident, incident.assignments, this.board.seq));
  }

  /** Read the chosen incident, and the queue, again now. */
  refresh(): void {
    this.fullStale = this.selected !== null;
    this.board = { ...this.board, gap: Math.max(1, this.board.seq) };
    void this.settle();
  }

  /** Read further down the queue. */
  readMore(): void {
    this.reach += MAX_PAGES;
    this.refresh();
  }

  /** The lines of the chat before those that are shown. */
  async readOlder(): Promise<void> {
    const shown = this.full;
    if (!shown?.messages_older) return;
    const { items, older } = await this.ports.listMessages(shown.id, shown.messages_older);
    const now = this.full;
    if (now?.id !== shown.id) return;
    const chat = before({ lines: now.messages, older: now.messages_older }, { lines: items, older });
    this.full = { ...now, messages: chat.lines, messages_older: chat.older };
    this.on.changed();
  }

  /** An incident as it was read, with the lines of its chat to which somebody has scrolled back. */
  private whole(read: FullIncident): FullIncident {
    if (this.full?.id !== read.id) return read;
    const kept = { lines: this.full.messages, older: this.full.messages_older };
    const chat = latest(kept, { lines: read.messages, older: read.messages_older });
    return { ...read, messages: chat.lines, messages_older: chat.older };
  }

  // --- the stream -----------------------------------------------------------------------------------------------

  private open(): void {
    let mine: { close(): void } | null = null;
    let asked = 0; // what we had when this stream was asked for
    mine = this.ports.stream({
      lastId: String(this.board.seq),
      url: async () => {
        const token = encodeURIComponent(await this.freshToken());
        return `/live/desk/events?token=${token}&after=${(asked = this.board.seq)}`;
      },
      onEvent: (event) => mine && this.hear(event, mine, asked),
      // Open is what the hello says.
      onState: (state) => state !== "open" && (this.greeted === null || this.greeted === mine) && this.turn(false),
      onRefused: () => {
        this.pass.drop();
        return true;
      }, // whatever it was: a desk never stops trying
    });
    this.streams.push(mine);
  }

  /** The machine says that its network is gone: believe it at once, and try anew rather than wait for silence. */
  private readonly cut = () => {
    for (const stream of this.streams) stream.close();
    this.streams = [];
    this.greeted = null;
    this.turn(false);
    this.open();
  };

  private turn(open: boolean): void {
    if (this.stopped || (!open && !this.line.open && this.line.lostAt !== null)) return;
    this.line = open ? opened(this.line, this.ports.now()) : lost(this.line, this.ports.now());
    this.on.changed();
  }

  private warn(told: { warnings?: Warning[] } | undefined): void {
    const warnings = told?.warnings ?? [];
    if (JSON.stringify(warnings) === JSON.stringify(this.warnings)) return;
    this.warnings = warnings;
    this.on.changed();
  }

  private readonly freshToken = (): Promise<string> => this.pass.fresh(this.now());

  /** Whether somebody is still signed in shows in every answer, not only when a new token is due. */
  private async signed<T>(asked: Promise<T>): Promise<T> {
    const out = await asked.then(
      () => false,
      (error: unknown) => error instanceof Refusal && error.problem.status === 401,
    );
    if (out !== this.line.signedOut) this.line = { ...this.line, signedOut: out };
    this.on.changed();
    return asked;
  }

  private hear(event: StreamEvent, from: { close(): void }, asked: number): void {
    if (this.stopped) return;
    this.line = heard(this.line, this.ports.now());
    if (event.event === "message") this.row(JSON.parse(event.data) as DeskEvent);
    else if (event.event === "positions")
      this.put(applyFixes(this.board, (JSON.parse(event.data) as { units: UnitFix[] }).units, this.ports.now()));
    else if (event.event === "hello") this.greet(JSON.parse(event.data) as Hello, from, asked);
    else if (event.event === "expire") this.pass.drop();
    else if (event.event === "resync") this.refresh();
  }

  private greet(hello: Hello, from: { close(): void }, asked: number): void {
    this.streamId = hello.stream_id;
    this.offsetMs = Date.parse(hello.server_time) - this.ports.now();
    // The new one is open before the old one ends.
    for (const old of this.streams.filter((s) => s !== from)) old.close();
    this.streams = [from];
    this.greeted = from;
    this.turn(true);
    if (hello.seq < asked) this.restart(hello.seq);
    clearTimeout(this.renewal);
    const inMs = (hello.expires_at - RENEW_BEFORE_S) * 1000 - this.now();
    this.renewal = setTimeout(
      () => {
        this.pass.drop();
        this.open();
      },
      Math.max(5000, inMs),
    );
    void this.receipt([]);
    void this.settle();
  }

  /** The journal is shorter than what we have seen: the server was restored from a backup. */
  private restart(seq: number): void {
    const rows = new Map([...this.board.rows].map(([id, row]) => [id, { ...row, asOf: 0, touched: 0 }]));
    this.board = { ...this.board, rows, gone: new Map(), seq, gap: Math.max(1, seq) };
  }

  private row(event: DeskEvent): void {
    // What is read besides the queue is read again also for an event that a reading of the queue has overtaken.
    if (event.subject_kind === "ward" && event.verb !== "read") this.wardStale = true;
    if ((incidentOf(event) === this.selected && event.verb !== "read") || renames(event)) this.fullStale = true;
    const before = this.board;
    const after = applyEvent(before, event, this.ports.now());
    if (after !== before) {
      this.put(after);
      this.on.event(event, before);
    }
    void this.settle();
  }

  private put(board: Board): void {
    this.board = board;
    if (board.unitsStale) void this.settle();
    this.on.changed();
  }

  // --- reading again --------------------------------------------------------------------------------------------

  /** Reads until nothing is stale. Events that come meanwhile are covered by the next round. */
  private async settle(): Promise<void> {
    if (this.settling || !this.first) return;
    this.settling = true;
    while (!this.stopped && (this.fullStale || this.wardStale || isStale(this.board) || this.board.unitsStale)) {
      const fine = await this.signed(this.round()).then(
        () => true,
        () => false,
      );
      await this.ports.pause(fine ? SETTLE_MS + this.board.rows.size : RETRY_MS); // a long queue is read less often
    }
    this.settling = false;
  }

  private async round(): Promise<void> {
    if (this.fullStale && this.selected) await this.readFull(this.selected);
    else this.fullStale = false;
    if (this.wardStale) await this.readBoard();
    if (isStale(this.board)) await this.readRows();
    if (this.board.unitsStale) {
      const { items } = await this.ports.listUnits(this.ward);
      this.put(
        applyUnits(
          this.board,
          items.filter((u) => u.ward_id === this.ward),
        ),
      );
    }
  }

  private async readBoard(): Promise<void> {
    this.wardStale = false;
    const shot = await this.ports.getBoard(this.ward).catch((error: unknown) => {
      this.wardStale = this.first !== null; // asked for again; the first picture is the starter's own to ask for
      throw error;
    });
    this.first = shot;
    this.left = Math.max(0, shot.total - shot.incidents.length);
    this.offsetMs = Date.parse(shot.server_time) - this.ports.now();
    this.put(
      applyUnits(
        applySnapshot(this.board, {
          asOf: shot.seq,
          items: shot.incidents,
          list: true,
          complete: this.left === 0,
        }),
        shot.units,
      ),
    );
  }

  private async readRows(): Promise<void> {
    let cursor: string | null = null;
    const items: Incident[] = [];
    let asOf = Number.MAX_SAFE_INTEGER;
    let total = 0;
    const { items: assignments } = await this.ports.listAssignments();
    for (let page = 0; page < this.reach; page++) {
      const got: Awaited<ReturnType<Ports["getQueue"]>> = await this.ports.getQueue(this.ward, cursor);
      asOf = Math.min(asOf, got.seq);
      total = got.total;
      items.push(...got.items);
      cursor = got.next;
      if (!cursor) break;
    }
    if (cursor) items.push(...(await this.ports.listIncidents(this.ward, "open")).items); // what has just come, too
    this.left = cursor ? Math.max(0, total - new Set(items.map((i) => i.id)).size) : 0;
    const current = assignments.filter((a) => a.ward_id === this.ward);
    this.put(applySnapshot(this.board, { asOf, items, list: true, complete: cursor === null, assignments: current }));
  }

  private async readFull(id: string): Promise<void> {
    this.fullStale = false;
    const asOf = this.board.seq;
    try {
      const full = await this.ports.getIncident(id);
      if (this.selected === id) this.full = this.whole(full);
      this.put(isOpen(full.state) ? applyIncident(this.board, full, full.assignments, asOf) : this.board);
    } catch (error) {
      if (error instanceof Refusal && error.problem.status === 404) return this.select(null);
      this.fullStale = true;
      throw error;
    }
  }

  /** These alarms are painted before somebody's eyes; an empty list is the desk's sign of life. A desk whose line is
   *  down does not watch: nothing new would come to it. */
  receipt(ids: readonly string[]): Promise<void> {
    return this.receipts.tell(ids, this.ports.visible(), this.line.open ? this.streamId : undefined);
  }
}
