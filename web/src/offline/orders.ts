/**
 * The ward's order to erase a phone: asked without a login, obeyed also while it is locked, reported until the ward has
 * heard it.
 */
import { eraseVault, type Db } from "./db";
import { Refusal } from "../live/http";
import type { Wire } from "./wire";

export class Orders {
  constructor(
    private readonly db: Db,
    private readonly wire: Wire,
  ) {}

  /** True when the ward wants this phone's data of this member erased. */
  async wipe(device: string): Promise<boolean> {
    try {
      return (await this.wire.call<{ order: string }>("GET", `/field/devices/${device}/order`)).order === "wipe";
    } catch (error) {
      // An older server, or one that does not know this phone.
      if (error instanceof Refusal && error.problem.status < 500) return false;
      throw error;
    }
  }

  /** The report is written first: a phone that dies in the middle erases again and still reports. */
  async obey(vault: string, device: string, unsent: number): Promise<void> {
    const tx = this.db.transaction("reports", "readwrite", { durability: "strict" });
    await tx.store.put(unsent, device);
    await tx.done;
    await eraseVault(this.db, vault);
    await this.report();
  }

  async report(): Promise<void> {
    for (const device of await this.db.getAllKeys("reports")) {
      const unsent = await this.db.get("reports", device);
      try {
        await this.wire.call("POST", `/field/devices/${device}/wiped`, { body: { unsent: unsent ?? 0 } });
      } catch (error) {
        // Another time.
        if (!(error instanceof Refusal) || error.problem.status >= 500 || error.problem.status === 429) return;
      }
      await this.db.delete("reports", device);
    }
  }
}
