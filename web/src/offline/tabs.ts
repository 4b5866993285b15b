/** Two tabs of the same app: one of them syncs at a time, and each hears what the other wrote. */
import type { RowStore } from "./db";

export interface News {
  vault: string;
  stores: RowStore[];
}

export class Tabs {
  private readonly channel: BroadcastChannel | null;

  constructor(name: string, heard: (news: News) => void) {
    this.channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(name);
    if (this.channel) this.channel.onmessage = (e: MessageEvent<News>) => heard(e.data);
  }

  tell(news: News): void {
    this.channel?.postMessage(news);
  }

  close(): void {
    this.channel?.close();
  }

  /** Runs `work` when no other tab is at it. */
  alone<T>(name: string, work: () => Promise<T>): Promise<T> {
    const locks = (navigator as { locks?: LockManager }).locks;
    return locks ? (locks.request(name, work) as Promise<T>) : work();
  }
}
