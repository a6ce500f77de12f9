import { toPanel, wrap, type ToPage, type ToPanel } from "../shared/messages";

/**
 * The panel's end of the talk with the page that frames it. The first `hello` comes from the parent frame; its origin,
 * which the server let frame us, is the only one spoken to from then on.
 */
export class HostPage {
  private origin: string | null = null;

  constructor(heard: (message: ToPanel) => void) {
    addEventListener("message", (event) => {
      if (event.source !== parent || parent === window) return;
      const message = toPanel(event.data);
      if (!message) return;
      if (message.type === "hello") this.origin ??= event.origin;
      if (event.origin === this.origin) heard(message);
    });
  }

  tell(message: ToPage): void {
    if (this.origin) parent.postMessage(wrap(message), this.origin);
  }
}
