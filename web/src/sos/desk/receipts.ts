/** Tells the server, once each, which alarms were truly painted: the resident may then read "seen". */
export class Receipts {
  private readonly told = new Set<string>();

  constructor(private readonly send: (ids: string[], visible: boolean, stream?: string) => Promise<void>) {}

  async tell(ids: readonly string[], visible: boolean, stream?: string): Promise<void> {
    const fresh = visible ? ids.filter((id) => !this.told.has(id)).slice(0, 500) : [];
    if (ids.length && !fresh.length) return;
    for (const id of fresh) this.told.add(id);
    try {
      await this.send(fresh, visible, stream);
    } catch {
      for (const id of fresh) this.told.delete(id); // the next painting tries again
    }
  }
}
