/** The short-lived token of the desk's stream: asked for when it is needed, and once for several at a time. */
import type { StreamToken } from "../../contract/types";

export class Pass {
  private token: StreamToken | null = null;
  private asking: Promise<StreamToken> | null = null;

  /** `leftMs`: how long a token must still last to be worth using. */
  constructor(
    private readonly ask: () => Promise<StreamToken>,
    private readonly leftMs: number,
  ) {}

  async fresh(now: number): Promise<string> {
    if (!this.token || Date.parse(this.token.expires_at) - now <= this.leftMs) {
      this.asking ??= this.ask().finally(() => (this.asking = null));
      this.token = await this.asking;
    }
    return this.token.token;
  }

  drop(): void {
    this.token = null;
  }
}
