/** A ward's server as the phone sees it, in memory: keeps what the contract says about numbers, ids and orders. */
import type { Item, ItemResult } from "../../src/casework/field/types";

export interface Made {
  items: Map<string, Item>;
  seen: Item[];
  received: number;
}
type Answer = Response | Promise<Response>;
const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
const problem = (status: number, code: string, extra: object = {}) =>
  json(status, { code, detail: `vi ${code}`, detail_en: `en ${code}`, ...extra });

export class Ward {
  me: { id: string; name: string } | null = { id: "member-1", name: "Nguyễn Văn Thử" };
  pin = { digits: 6, tries: 5, idle_s: 300 };
  budget = { documents: 12_000, turfs: 3 };
  tokens = new Map<string, string>(); // token → device
  owners = new Map<string, string>(); // device → member
  order: "none" | "wipe" = "none";
  wiped: [string, number][] = [];
  docs = new Map<string, { digest: string; body: object; kind?: string }>();
  made = new Map<string, Made>(); // by device
  files = new Map<string, { bytes: Uint8Array<ArrayBuffer>; size: number }>();
  down = false;
  skewMs = 0;
  cutAfter = Infinity; // lines of the next download
  garbage = ""; // a line in the middle of the next download
  damaged = 0; // batches that were not whole
  tooLarge = false;
  postsAs403 = false; // an ended token, as a server answers that also takes cookies
  loseAnswers = 0; // outbox answers that never reach the phone
  refuse = new Map<string, Partial<ItemResult>>(); // by item id or kind
  rejects: (items: Item[]) => Response | null = () => null;
  syncs: { turfs: string[]; have: Record<string, string>; sent: number }[] = [];
  calls: string[] = [];
  mine = new Set(["turf-1", "turf-2", "turf-3"]);

  readonly fetch = (async (path: string, init: RequestInit = {}) => {
    await Promise.resolve();
    const signal = init.signal;
    if (signal?.aborted) throw new DOMException("aborted", "AbortError");
    this.calls.push(`${init.method ?? "GET"} ${path}`);
    if (this.down) throw new TypeError("Failed to fetch");
    return this.route(init.method ?? "GET", path.replace("/api", ""), init);
  }) as unknown as typeof fetch;

  device(): Made {
    return [...this.made.values()].at(-1)!;
  }

  doc(key: string, body: object, digest = JSON.stringify(body).length + key): void {
    this.docs.set(key, { digest, body });
  }

  private route(method: string, path: string, init: RequestInit): Answer {
    const body = typeof init.body === "string" ? JSON.parse(init.body) : {};
    const headers = (init.headers ?? {}) as Record<string, string>;
    const token = headers["Authorization"]?.replace("Bearer ", "");
    if (path === "/me")
      return this.me
        ? json(200, {
            account: { id: this.me.id, login: "l", display_name: this.me.name, lang: "vi" },
            roles: { "25888": ["team_member"] },
          })
        : problem(401, "signed_out");
    if (path === "/field/devices") return this.register(body);
    const order = /^\/field\/devices\/([^/]+)\/(order|wiped)$/.exec(path);
    if (order) return this.orders(order[1]!, order[2]!, body);
    const device = this.tokens.get(token ?? "");
    if (!device && this.postsAs403 && method === "POST") return problem(403, "csrf");
    if (!device || init.credentials !== "omit") return problem(401, "signed_out");
    if (path === "/field/device")
      return json(200, {
        device,
        pin: this.pin,
        budget: this.budget,
        received_to: this.made.get(device)!.received,
        server_time: this.now(),
        state: "active",
      });
    if (path === "/field/turfs") return json(200, { items: [...this.mine].map((id) => ({ id })), budget: this.budget });
    if (path === "/field/sync") return this.download(body);
    if (path === "/field/outbox") return this.upload(device, body);
    if (path.startsWith("/files/")) return this.part(method, path, init);
    return path.endsWith("/retire") ? json(200, {}) : problem(404, "not_found");
  }

  private register(body: { id: string }): Response {
    if (!this.me) return problem(401, "signed_out");
    if (this.owners.has(body.id) && this.owners.get(body.id) !== this.me.id) return problem(404, "not_found");
    for (const [t, d] of this.tokens) if (d === body.id) this.tokens.delete(t);
    const token = `token-${this.calls.length}`;
    this.tokens.set(token, body.id);
    this.owners.set(body.id, this.me.id);
    if (!this.made.has(body.id)) this.made.set(body.id, { items: new Map(), seen: [], received: 0 });
    return json(201, {
      device: body.id,
      ward_id: 25888,
      ward_code: "25888",
      ward_name: "Tân Uyên",
      demo: true,
      token,
      expires_at: "",
      member: this.me,
      pin: this.pin,
      budget: this.budget,
      server_time: this.now(),
    });
  }

  private orders(device: string, what: string, body: { unsent: number }): Response {
    if (what === "order") return json(200, { order: this.order });
    this.wiped.push([device, body.unsent]);
    return json(200, {});
  }

  private download({ turfs, have }: { turfs: string[]; have: Record<string, string> }): Response {
    if (turfs.some((t) => !this.mine.has(t))) return problem(404, "not_found");
    if (this.docs.size > this.budget.documents || turfs.length > this.budget.turfs)
      return problem(413, "over_budget", { documents: this.docs.size, budget: this.budget.documents });
    const fresh = turfs.length ? [...this.docs].filter(([key, d]) => have[key] !== d.digest) : [];
    const gone = Object.keys(have).filter((key) => !this.docs.has(key) || !turfs.length);
    this.syncs.push({ turfs, have, sent: fresh.length });
    const lines = [
      JSON.stringify({ start: { at: this.now(), documents: fresh.length, bytes: 0 } }),
      ...fresh.map(([key, d]) =>
        JSON.stringify({
          kind: key.slice(0, key.indexOf("/")),
          id: key.slice(key.indexOf("/") + 1),
          digest: d.digest,
          body: d.body,
        }),
      ),
      ...(this.garbage ? [this.garbage] : []),
      JSON.stringify({ end: { sent: fresh.length, gone } }),
    ];
    const cut = this.cutAfter;
    this.cutAfter = Infinity;
    const text = lines.slice(0, cut).join("\n") + "\n" + (cut < lines.length ? lines[cut]!.slice(0, 10) : "");
    return new Response(text, { status: 200 });
  }

  private upload(device: string, { first, count, items }: { first: number; count: number; items: Item[] }): Answer {
    const made = this.made.get(device)!;
    const rejected = this.rejects(items);
    if (rejected) return rejected;
    if (first > made.received + 1) return problem(409, "gap", { expected: made.received + 1 });
    if (count !== items.length || items.some((item, i) => item.n !== first + i) || count > 100)
      return (this.damaged++, problem(422, "damaged"));
    const results = items.map((item) => this.take(made, item));
    made.received = Math.max(made.received, first + count - 1);
    if (this.loseAnswers-- > 0) return Promise.reject(new TypeError("network lost"));
    return json(200, { received_to: made.received, results, server_time: this.now() });
  }

  private take(made: Made, item: Item): ItemResult {
    made.seen.push(item);
    const answer = (status: ItemResult["status"], extra: Partial<ItemResult> = {}): ItemResult => ({
      n: item.n,
      id: item.id,
      status,
      ...extra,
    });
    const refused = this.refuse.get(item.id) ?? this.refuse.get(item.kind);
    if (refused) return answer("refused", refused);
    const known = [...this.made.values()].map((m) => m.items.get(item.id)).find(Boolean);
    if (known)
      return JSON.stringify(known.body) === JSON.stringify(item.body)
        ? answer("same")
        : answer("refused", { code: "id_reused" });
    if (item.n <= made.received) return answer("wait", { code: "unknown_replay" });
    if (item.kind === "file" && !(this.files.get(item.id)?.bytes.length === this.files.get(item.id)?.size))
      return answer("refused", { code: "file_missing" });
    made.items.set(item.id, item);
    return answer("stored");
  }

  private async part(_method: string, path: string, init: RequestInit): Promise<Response> {
    if (this.tooLarge) return problem(413, "too_large");
    const url = new URL(path, "http://x");
    const id = url.pathname.split("/").at(-1)!;
    const size = Number(url.searchParams.get("size"));
    const file = this.files.get(id) ?? { bytes: new Uint8Array(0), size };
    if (Number(url.searchParams.get("offset")) !== file.bytes.length)
      return problem(409, "offset", { have: file.bytes.length });
    const part = new Uint8Array(await (init.body as Blob).arrayBuffer());
    const bytes = new Uint8Array(file.bytes.length + part.length);
    bytes.set(file.bytes);
    bytes.set(part, file.bytes.length);
    this.files.set(id, { bytes, size });
    return json(200, { id, have: bytes.length, size, done: bytes.length === size });
  }

  private now(): string {
    return new Date(Date.now() + this.skewMs).toISOString();
  }
}
