import type { Outcome } from "./outbox";

interface FailedFrame {
  code: string;
  message: string;
  retry_after_ms: number | null;
}

const ACK_WITHIN_MS = 5_000;

/** Sends over the socket that wait for their `ack` or `error`. */
export class Acks {
  private waiting = new Map<string, (outcome: Outcome | null) => void>();

  /** Null when neither came in time or the socket closed: whether it was stored is not known. */
  wait(clientId: string): Promise<Outcome | null> {
    return new Promise((resolve) => {
      const late = setTimeout(() => this.settle(clientId, null), ACK_WITHIN_MS);
      this.waiting.set(clientId, (outcome) => (clearTimeout(late), resolve(outcome)));
    });
  }

  ack(clientId: string): void {
    this.settle(clientId, { kind: "sent" });
  }

  fail(clientId: string, { code, message, retry_after_ms }: FailedFrame): void {
    const problem = { code, message };
    const again = retry_after_ms !== null && retry_after_ms !== undefined;
    this.settle(
      clientId,
      again ? { kind: "later", afterMs: retry_after_ms, problem } : { kind: "refused", problem },
    );
  }

  closed(): void {
    for (const id of [...this.waiting.keys()]) this.settle(id, null);
  }

  private settle(clientId: string, outcome: Outcome | null): void {
    const resolve = this.waiting.get(clientId);
    this.waiting.delete(clientId);
    resolve?.(outcome);
  }
}
