import { tick } from "svelte";
import { t } from "../../../i18n/index.svelte";

/**
 * A list whose items a person puts in order: by the grip of each with mouse, pen or finger, and by its arrows with the
 * keyboard, where the focus stays with what was moved.
 */
export class Sorting {
  /** The element whose children are the items. */
  list = $state.raw<HTMLElement>();
  /** The place of the item that somebody holds. */
  held = $state.raw<number | null>(null);
  /** What has just happened, for those who do not see it. */
  said = $state.raw("");

  constructor(
    private readonly count: () => number,
    private readonly name: (place: number) => string,
    private readonly move: (from: number, to: number) => void,
  ) {}

  last(place: number): boolean {
    return place >= this.count() - 1;
  }

  async step(place: number, by: 1 | -1): Promise<void> {
    const to = place + by;
    this.put(place, to);
    await tick();
    const [up, down] =
      this.list?.children[to]?.querySelectorAll<HTMLButtonElement>("[data-steps] button") ?? [];
    const [same, other] = by < 0 ? [up, down] : [down, up];
    (same?.disabled ? other : same)?.focus();
  }

  hold(event: PointerEvent, place: number): void {
    if (event.button !== 0) return;
    event.preventDefault(); // no text is marked
    this.held = place;
    const end = new AbortController();
    const { signal } = end;
    const letGo = () => {
      this.held = null;
      end.abort();
    };
    addEventListener("pointermove", ({ clientY }) => this.drag(clientY), { signal });
    addEventListener("pointerup", letGo, { signal });
    addEventListener("pointercancel", letGo, { signal });
  }

  /** Where it would lie is where it lies at once, so that it is seen what will be. */
  private drag(y: number): void {
    const { held } = this;
    if (held === null) return;
    const others = [...(this.list?.children ?? [])].filter((_, place) => place !== held);
    const to = others.filter((one) => middle(one) < y).length;
    if (to === held) return;
    this.held = to;
    this.put(held, to);
  }

  private put(from: number, to: number): void {
    const name = this.name(from);
    this.move(from, to);
    this.said = t("fields.movedTo", { name, place: to + 1, count: this.count() });
  }
}

function middle(element: Element): number {
  const { top, height } = element.getBoundingClientRect();
  return top + height / 2;
}

/** The list with one of its items elsewhere. */
export function moved<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const [one] = items.slice(from, from + 1);
  return one === undefined ? [...items] : items.toSpliced(from, 1).toSpliced(to, 0, one);
}
