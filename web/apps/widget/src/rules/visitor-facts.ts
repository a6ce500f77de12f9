import type { Facts } from "@alongside/contract";
import type { Memory } from "./memory";

/** How close to the upper edge a mouse that leaves is on its way to the address bar. */
const EDGE_PX = 0;

/** What this page knows of its visitor. Listens only for what some rule asks for. */
export class PageFacts {
  private since = performance.now();
  private scrolled = 0;
  private leaving = false;
  private visits: number | null = null;
  private readonly events: string[] = [];

  constructor(
    private readonly memory: Memory,
    private readonly kinds: ReadonlySet<string>,
    private readonly changed: () => void,
  ) {
    if (kinds.has("scrolled")) {
      addEventListener("scroll", () => this.look(), { passive: true });
      addEventListener("resize", () => this.look(), { passive: true });
      this.measure();
    }
    if (kinds.has("leaving"))
      document.documentElement.addEventListener("mouseleave", (event) => this.leaves(event));
    this.count();
  }

  /** The visitor is on another page now. */
  turn(): void {
    this.since = performance.now();
    this.scrolled = 0;
    this.leaving = false;
    this.events.length = 0;
    this.count();
    if (this.kinds.has("scrolled")) this.measure();
  }

  happened(event: string): void {
    this.events.push(event);
    this.changed();
  }

  now(): Facts {
    const { visit } = this.memory;
    return {
      start_url: visit.start,
      page_url: location.href,
      referrer: visit.referrer,
      seconds_on_page: (performance.now() - this.since) / 1_000,
      scrolled: this.scrolled,
      leaving: this.leaving,
      site_visits: visit.number,
      page_visits: this.visits,
      language: navigator.language,
      events: this.events,
    };
  }

  private count(): void {
    if (this.kinds.has("visits")) this.visits = this.memory.opened(location.origin + location.pathname);
  }

  private look(): void {
    const before = this.scrolled;
    this.measure();
    if (this.scrolled > before) this.changed();
  }

  /** How far down the page was seen, in percent of what there is to scroll; all of it where there is nothing. */
  private measure(): void {
    const { scrollHeight, clientHeight } = document.documentElement;
    const far = scrollHeight - clientHeight;
    const percent = far > 1 ? Math.min(100, Math.ceil((scrollY / far) * 100)) : 100;
    this.scrolled = Math.max(this.scrolled, percent);
  }

  private leaves(event: MouseEvent): void {
    if (this.leaving || event.clientY > EDGE_PX) return;
    this.leaving = true;
    this.changed();
  }
}
