/**
 * The field app is kept whole – page, lazy parts, wasm, icons – and replaced only whole. A set is one cache, named
 * after what is in it; every file is checked against the digest of the build before it goes in, and the page goes in
 * last: a set that has its page is complete. Until then the set before it opens, with its own files.
 */
export interface FieldSet {
  page: string;
  version: string;
  files: Record<string, string>;
} // path → first 16 hex of its sha256
export interface Progress {
  complete: boolean;
  have: number;
  of: number;
}
const PREFIX = "field-"; // not "binhan-": no sweep of the other screens may reach it

export class Field {
  private running: Promise<Progress> | null = null;
  private readonly mine: string;

  constructor(private readonly set: FieldSet) {
    this.mine = PREFIX + set.version;
  }

  /** The page of this build if it is here whole, else of the newest build that is. */
  async page(): Promise<Response | undefined> {
    for (const name of await this.names()) {
      const page = await caches.open(name).then((c) => c.match(this.set.page));
      if (page) return page;
    }
    return undefined;
  }

  /** A file of any set: a page that was open before an update still finds its lazy parts. */
  async file(path: string): Promise<Response | undefined> {
    for (const name of await this.names()) {
      const file = await caches.open(name).then((c) => c.match(path));
      if (file) return file;
    }
    return undefined;
  }

  /** True for a file that comes here and into no other cache. */
  owns(path: string): boolean {
    return path in this.set.files;
  }

  /** Fetches what is missing of this build; cut off, the next call goes on where this one stopped. */
  keep(): Promise<Progress> {
    this.running ??= this.fill().finally(() => (this.running = null));
    return this.running;
  }

  private async fill(): Promise<Progress> {
    const { page, files } = this.set;
    const paths = [...Object.keys(files).filter((f) => f !== page), page];
    let have = 0;
    try {
      const cache = await caches.open(this.mine);
      for (const path of paths) {
        if (!(await cache.match(path))) await cache.put(path, await this.take(path));
        have++;
      }
      await this.sweep();
    } catch {
      // no network, no room, or the server has another build by now: what was whole stays what opens
    }
    return { complete: have === paths.length, have, of: paths.length };
  }

  private async take(path: string): Promise<Response> {
    const before = path === this.set.page ? undefined : await this.file(path);
    if (before && (await this.same(path, before.clone()))) return before;
    for (const cache of [path.startsWith("/assets/") ? "default" : "no-cache", "reload"] as const) {
      const fresh = await fetch(path, { cache });
      if (fresh.ok && (await this.same(path, fresh.clone()))) return fresh;
    }
    throw new Error(`${path} is not of this build`);
  }

  private async same(path: string, response: Response): Promise<boolean> {
    const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", await response.arrayBuffer()));
    return [...sum.slice(0, 8)].map((b) => b.toString(16).padStart(2, "0")).join("") === this.set.files[path];
  }

  /** Of the older sets the newest whole one stays: a page of it may still be open. */
  private async sweep(): Promise<void> {
    let spared = false;
    for (const name of (await this.names()).filter((n) => n !== this.mine)) {
      if (!spared && (await caches.open(name).then((c) => c.match(this.set.page)))) spared = true;
      else await caches.delete(name);
    }
  }

  /** This build's set first, then the others, newest first. */
  private async names(): Promise<string[]> {
    const all = (await caches.keys()).filter((k) => k.startsWith(PREFIX)).reverse();
    return [...all.filter((k) => k === this.mine), ...all.filter((k) => k !== this.mine)];
  }
}
