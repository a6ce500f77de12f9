/**
 * A company's own style sheet over the panel's. Whatever stands in it, there is a way to write and a way to close:
 * what these need is said in a layer, whose important words come before all that are outside of one; and where they
 * cannot be reached all the same, covered or moved away, the sheet is taken off.
 */
const GUARD = `@layer alongside-guard {
  html, body, main, footer, form, textarea, .send, header, header > .plain {
    visibility: visible !important; opacity: 1 !important; filter: none !important; clip-path: none !important;
    mask: none !important; transform: none !important; translate: none !important; scale: none !important;
    rotate: none !important; content-visibility: visible !important; pointer-events: auto !important;
    animation: none !important; zoom: 1 !important;
  }
  html, body { display: block !important }
  main, .send, header > .plain { display: grid !important }
  footer { display: block !important }
  header, form { display: flex !important }
  textarea { display: block !important; user-select: text !important; min-width: 5em !important }
}`;

/** Large enough for a finger (WCAG 2.2, 2.5.8). */
const LEAST = 24;
const NEEDED = ["textarea", ".send", "header > .plain"];

export class OwnSheet {
  private readonly guard = made(GUARD);
  private readonly sheet = new CSSStyleSheet();
  private readonly watch = new MutationObserver(() => this.soon());
  private text = "";
  private frame = 0;

  /** `hidden`: the sheet hid what is needed, and is off. `covered`: something of ours lies above for a while. */
  constructor(
    private readonly covered: () => boolean,
    private readonly hidden: () => void,
  ) {}

  /** Wear this sheet from now on; an empty one is none. */
  wear(text: string): void {
    this.text = text;
    this.sheet.replaceSync(text);
    const others = document.adoptedStyleSheets.filter((one) => one !== this.sheet && one !== this.guard);
    document.adoptedStyleSheets = text ? [...others, this.guard, this.sheet] : others;
    this.watch.disconnect();
    removeEventListener("resize", this.soon);
    if (!text) return;
    this.watch.observe(document.body, { childList: true, subtree: true });
    addEventListener("resize", this.soon);
    this.soon();
  }

  /** Look once, when what changes now has been painted. */
  private readonly soon = (): void => {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.check());
  };

  private check(): void {
    const small = innerWidth < 100 || innerHeight < 100; // not on the screen yet
    if (!this.text || small || this.covered() || NEEDED.every(reachable)) return;
    this.wear("");
    this.hidden();
  }
}

/** Whether a finger put on the middle of it would meet it. */
function reachable(selector: string): boolean {
  const element = document.querySelector(selector);
  if (!element) return true; // the panel has none at the moment
  const { left, top, width, height } = element.getBoundingClientRect();
  const met = document.elementFromPoint(left + width / 2, top + height / 2);
  return width >= LEAST && height >= LEAST && element.contains(met);
}

function made(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}
