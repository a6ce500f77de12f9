/** Unsent text, per owner and place, kept over reloads in this browser. */
export class Drafts {
  constructor(
    private owner: string,
    private storage: Storage | null = safeStorage("localStorage"),
  ) {}

  get(place: string): string {
    return this.storage?.getItem(this.key(place)) ?? "";
  }

  set(place: string, text: string): void {
    try {
      if (text === "") this.storage?.removeItem(this.key(place));
      else this.storage?.setItem(this.key(place), text);
    } catch {
      // Storage is full or gone: the text stays on the screen.
    }
  }

  private key(place: string): string {
    return `alongside:draft:${this.owner}:${place}`;
  }
}

/** The page's storage, or null where the browser forbids it. */
export function safeStorage(kind: "localStorage" | "sessionStorage"): Storage | null {
  try {
    return globalThis[kind] ?? null;
  } catch {
    return null;
  }
}
