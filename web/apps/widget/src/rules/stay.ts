/**
 * The visitor's stay on one page of the site, since it was opened. It outlives the rules, which may be changed meanwhile:
 * what was done and what has happened on the page holds for those that come.
 */
export class Stay {
  since!: number;
  /** How far down the page was seen, in percent. */
  scrolled!: number;
  /** The mouse has left by the upper edge. */
  leaving!: boolean;
  /** How often the page was opened; null until it is counted. */
  visits!: number | null;
  /** What page code said that happened. */
  events!: string[];
  /** Rules that have acted. */
  done!: Set<string>;
  /** Titles of rules that matched and speak of the page's own events. */
  titles!: string[];
  private page!: string;

  constructor() {
    this.begin();
  }

  begin(): void {
    this.since = performance.now();
    this.scrolled = 0;
    this.leaving = false;
    this.visits = null;
    this.events = [];
    this.done = new Set();
    this.titles = [];
    this.page = pageOf(location.href);
  }

  /** Whether the address is that of another page: what follows `#` is not, unless the site goes from page to page by it. */
  isOver(): boolean {
    return pageOf(location.href) !== this.page;
  }
}

const pageOf = (url: string): string => url.replace(/#(?![!/]).*$/s, "");
