/** One vault's values: JSON or bytes, sealed under its data key, each bound to its store, vault and name. */
import type { Bytes, Name, RowStore } from "./db";
import { base64, fromUtf8, seal, unseal, utf8, type Keys } from "./seal";

export class Sealed {
  constructor(
    readonly vault: string,
    private readonly keys: Keys,
  ) {}

  /** A name that tells nothing: a keyed digest of what it stands for. */
  async name(plain: string): Promise<string> {
    const mac = await crypto.subtle.sign("HMAC", this.keys.names, utf8(plain));
    return base64(new Uint8Array(mac, 0, 18));
  }

  seal(store: RowStore, name: Name, value: unknown): Promise<Bytes> {
    return this.sealBytes(store, name, utf8(JSON.stringify(value)));
  }

  async open<T>(store: RowStore, name: Name, whole: Bytes): Promise<T> {
    return JSON.parse(fromUtf8(await this.openBytes(store, name, whole))) as T;
  }

  sealBytes(store: RowStore, name: Name, plain: Bytes): Promise<Bytes> {
    return seal(this.keys.data, plain, this.context(store, name));
  }

  openBytes(store: RowStore, name: Name, whole: Bytes): Promise<Bytes> {
    return unseal(this.keys.data, whole, this.context(store, name));
  }

  private context(store: RowStore, name: Name): string {
    return `${store}|${this.vault}|${name}`;
  }
}
