import type { Facts } from "@alongside/contract";
import type { Memory } from "./memory";
import type { Stay } from "./stay";

/** How close to the upper edge a mouse that leaves is on its way to the address bar. */
const EDGE_PX = 0;

/** What this page knows of its visitor. Listens only for what some rule asks for. */
export class PageFacts {
  private readonly ended = new AbortController();

  constructor(
    private readonly memory: Memory,
    private readonly stay: Stay,
    private readonly kinds: ReadonlySet<string>,
    private readonly changed: () => void,
  ) {
    const { signal } = this.ended;
    if (kinds.has("scrolled")) {
      addEventListener("scroll", () => this.look(), { passive: true, signal });
      addEventListener("resize", () => this.look(), { passive: true, signal });
    }
    if (kinds.has("leaving"))
      document.documentElement.addEventListener("mouseleave", (event) => this.leaves(event), { signal });
    this.begin();
  }

  /** On a page that has just been opened, or with rules that are new to it. */
  begin(): void {
    if (this.kinds.has("visits"))
      this.stay.visits ??= this.memory.opened(location.origin + location.pathname);
    if (this.kinds.has("scrolled")) this.measure();
  }

  stop(): void {
    this.ended.abort();
  }

  happened(event: string): void {
    this.stay.events.push(event);
    this.changed();
  }

  now(): Facts {
    const { visit } = this.memory;
    const { since, scrolled, leaving, visits, events } = this.stay;
    return {
      start_url: visit.start,
      page_url: location.href,
      referrer: visit.referrer,
      seconds_on_page: (performance.now() - since) / 1_000,
      scrolled,
      leaving,
      site_visits: visit.number,
      page_visits: visits,
      language: navigator.language,
      events,
    };
  }

  private look(): void {
    const before = this.stay.scrolled;
    this.measure();
    if (this.stay.scrolled > before) this.changed();
  }

  /** How far down the page was seen, in percent of what there is to scroll; all of it where there is nothing. */
  private measure(): void {
    const { scrollHeight, clientHeight } = document.documentElement;
    const far = scrollHeight - clientHeight;
    const percent = far > 1 ? Math.min(100, Math.ceil((scrollY / far) * 100)) : 100;
    this.stay.scrolled = Math.max(this.stay.scrolled, percent);
  }

  private leaves(event: MouseEvent): void {
    if (this.stay.leaving || event.clientY > EDGE_PX) return;
    this.stay.leaving = true;
    this.changed();
  }
}
