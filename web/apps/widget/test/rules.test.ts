import { evaluate } from "@alongside/conditions";
import type { ConditionNode, Facts, PageRule } from "@alongside/contract";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openAt, turnsIn } from "../src/rules/clock";
import { Engine } from "../src/rules/engine";
import { Memory } from "../src/rules/memory";
import { settle, type Told } from "../src/rules/nodes";
import { Stay } from "../src/rules/stay";
import { PageFacts } from "../src/rules/visitor-facts";

const group = (...of: object[]) => ({ kind: "group", match: "all", negate: false, of });
const seconds = (wanted: number) => ({ kind: "seconds_on_page", seconds: wanted, negate: false });

function rule(id: string, conditions: object, more: Partial<PageRule> = {}): PageRule {
  const plain = {
    level: "page",
    often: "always",
    does: [],
    acts: false,
    says: false,
    events: [],
    titles: [],
  };
  return { id, conditions, ...plain, ...more } as unknown as PageRule;
}

class Store {
  private readonly values = new Map<string, string>();
  getItem = (name: string) => this.values.get(name) ?? null;
  setItem = (name: string, value: string) => void this.values.set(name, value);
}

beforeEach(() => {
  vi.stubGlobal("localStorage", new Store());
  vi.stubGlobal("location", new URL("https://shop.test/tents?utm_source=mail#top"));
  vi.stubGlobal("document", { referrer: "https://search.test/", documentElement: new EventTarget() });
  vi.stubGlobal("navigator", { language: "de-AT" });
});
afterEach(() => vi.unstubAllGlobals());

describe("memory", () => {
  test("a visit goes on until half an hour of nothing", () => {
    let at = 0;
    const open = () => new Memory("m", true, () => at);
    const first = open();
    expect([first.visit.number, first.visit.start]).toEqual([1, location.href]);
    vi.stubGlobal("location", new URL("https://shop.test/basket"));
    at = 29 * 60_000;
    expect(open().visit).toMatchObject({ id: first.visit.id, number: 1, start: first.visit.start });
    at += 30 * 60_000;
    expect(open().visit).toMatchObject({ number: 2, start: "https://shop.test/basket", done: [] });
  });

  test("what was done once is known on the next page; of a visit until the next", () => {
    let at = 0;
    const memory = new Memory("m", true, () => at);
    memory.add("a", "visit");
    memory.add("b", "visitor");
    const next = new Memory("m", true, () => at);
    expect([next.has("a", "visit"), next.has("b", "visitor"), next.has("a", "visitor")]).toEqual([
      true,
      true,
      false,
    ]);
    at = 3_600_000;
    const later = new Memory("m", true, () => at);
    expect([later.has("a", "visit"), later.has("b", "visitor")]).toEqual([false, true]);
  });

  test("nothing is stored where no rule asks for it, or the browser denies it", () => {
    new Memory("m", false).add("a", "visitor");
    expect(localStorage.getItem("m")).toBeNull();
    const denied = () => {
      throw new Error("denied");
    };
    vi.stubGlobal("localStorage", { getItem: denied, setItem: denied });
    const memory = new Memory("m", true);
    memory.add("a", "visitor");
    expect(memory.has("a", "visitor")).toBe(true);
  });

  test("counts how often a page was opened, and keeps the newest pages only", () => {
    const memory = new Memory("m", true);
    expect([memory.opened("/a"), memory.opened("/a"), memory.opened("/b")]).toEqual([1, 2, 1]);
    for (let page = 0; page < 300; page++) memory.opened(`/${page}`);
    expect(memory.opened("/a")).toBe(1);
    expect(memory.opened("/299")).toBe(2);
  });

  test("tabs do not undo each other", () => {
    const [here, there] = [new Memory("m", true), new Memory("m", true)];
    there.add("a", "visitor");
    there.add("b", "visit");
    there.wait({ rule: "c", occasion: "1", says: false });
    expect([there.opened("/a"), here.opened("/a")]).toEqual([1, 2]);
    here.stay();
    expect([here.has("a", "visitor"), here.has("b", "visit"), there.opened("/a")]).toEqual([true, true, 3]);
    expect(here.waiting).toMatchObject([{ rule: "c" }]);
    here.settled("c");
    expect(there.waiting).toEqual([]);
  });

  test("a rule waits once, with its latest occasion", () => {
    const memory = new Memory("m", true);
    for (const occasion of ["1", "2"]) memory.wait({ rule: "a", occasion, says: true });
    memory.wait({ rule: "b", occasion: "2", says: true });
    expect(memory.waiting.map(({ rule, occasion }) => rule + occasion)).toEqual(["a2", "b2"]);
  });

  test("what waits for the server stays until it is settled", () => {
    new Memory("m", true).wait({ rule: "a", occasion: "1", says: true });
    const next = new Memory("m", true);
    expect(next.waiting).toHaveLength(1);
    next.settled("a");
    expect(new Memory("m", true).waiting).toHaveLength(0);
  });
});

describe("settle", () => {
  const asked = (negate: boolean) => ({ kind: "asked", asked: 0, negate }) as Told;
  const holds = (answer: boolean | null, negate = false) =>
    evaluate(settle(asked(negate), [answer]), {} as Facts);

  test("the server's answer, negated where the rule says so; no answer is not known", () => {
    expect([holds(true), holds(false), holds(null)]).toEqual([true, false, null]);
    expect([holds(true, true), holds(false, true), holds(null, true)]).toEqual([false, true, null]);
    expect(evaluate(settle(asked(false), []), {} as Facts)).toBeNull();
  });
});

describe("engine", () => {
  const engine = (rules: PageRule[], stay = new Stay()) =>
    new Engine(rules, new Memory("m", true), stay, (node: ConditionNode, facts: Facts) =>
      evaluate(node, facts),
    );
  const after = (far: number) => ({ seconds_on_page: far }) as Facts;
  const ids = (matched: PageRule[]) => matched.map(({ id }) => id);

  test("of the rules that hold the last that shows or hides decides; without one the chat is there", () => {
    const at = engine([
      rule("hide", group(), { does: ["hide"] }),
      rule("show", seconds(3), { does: ["show"] }),
    ]);
    expect(engine([]).judge(after(0), [], false).hidden).toBe(false);
    expect(at.judge(after(2), [], false).hidden).toBe(true);
    expect(at.judge(after(3), [], false).hidden).toBe(false);
  });

  test("a rule acts once on each page, once in a visit, once for a visitor", () => {
    const rules = (["always", "visit", "visitor"] as const).map((often) => rule(often, group(), { often }));
    const stay = new Stay();
    const at = engine(rules, stay);
    expect(ids(at.judge(after(0), [], false).matched)).toEqual(["always", "visit", "visitor"]);
    expect(ids(at.judge(after(1), [], false).matched)).toEqual([]);
    stay.begin();
    expect(ids(at.judge(after(0), [], false).matched)).toEqual(["always"]);
    expect(ids(engine(rules).judge(after(0), [], false).matched)).toEqual(["always"]);
  });

  test("what is for the chat waits until it is opened", () => {
    const at = engine([rule("chat", group(), { level: "chat" })]);
    expect(ids(at.judge(after(0), [], false).matched)).toEqual([]);
    expect(ids(at.judge(after(0), [], true).matched)).toEqual(["chat"]);
  });

  test("what is not known does not match, negated neither", () => {
    const unknown = { kind: "asked", asked: 0, negate: true };
    expect(engine([rule("a", unknown, { does: ["hide"] })]).judge(after(0), [], false)).toEqual({
      hidden: false,
      matched: [],
    });
  });

  test("page code learns the titles of what matched on this page", () => {
    const stay = new Stay();
    const at = engine([rule("a", seconds(1), { titles: ["Basket"] })], stay);
    at.judge(after(0), [], false);
    expect(stay.titles).toEqual([]);
    at.judge(after(1), [], false);
    expect(stay.titles).toEqual(["Basket"]);
    stay.begin();
    expect(stay.titles).toEqual([]);
  });

  test("rules that are changed while the page is open do not act on it again", () => {
    const stay = new Stay();
    engine([rule("a", group())], stay).judge(after(0), [], false);
    const now = engine([rule("a", group()), rule("b", group())], stay);
    expect(ids(now.judge(after(1), [], false).matched)).toEqual(["b"]);
  });
});

describe("stay", () => {
  const goes = (url: string) => vi.stubGlobal("location", new URL(url));

  test("a place on the page is the same page, unless the site goes from page to page by what follows #", () => {
    const stay = new Stay();
    for (const [url, over] of [
      ["https://shop.test/tents?utm_source=mail#reviews", false],
      ["https://shop.test/tents?utm_source=mail", false],
      ["https://shop.test/tents?colour=red", true],
      ["https://shop.test/boots?utm_source=mail#top", true],
      ["https://shop.test/tents?utm_source=mail#/basket", true],
      ["https://shop.test/tents?utm_source=mail#!basket", true],
    ] as const) {
      goes(url);
      expect([url, stay.isOver()]).toEqual([url, over]);
    }
    goes("https://shop.test/#/basket");
    stay.begin();
    goes("https://shop.test/#/tents");
    expect(stay.isOver()).toBe(true);
  });
});

describe("clock", () => {
  const at = Date.parse("2026-11-27T08:59:30Z");
  const hours = { "": { open: false, changes: ["2026-11-27T09:00:00Z", "2026-11-27T17:00:00Z"] } };

  test("opening hours turn by what was told ahead", () => {
    expect(openAt(hours, at)).toEqual({ "": false });
    expect(openAt(hours, at + 30_000)).toEqual({ "": true });
  });

  test("the next moment at which time alone changes something; none where nothing waits for it", () => {
    const nodes = [group(seconds(3), group(seconds(10)))] as Told[];
    expect(turnsIn(nodes, { seconds_on_page: 1 }, {}, at)).toBe(2_000);
    expect(turnsIn(nodes, { seconds_on_page: 3 }, {}, at)).toBe(7_000);
    expect(turnsIn(nodes, { seconds_on_page: 10 }, {}, at)).toBeNull();
    expect(turnsIn([], { seconds_on_page: 0 }, hours, at)).toBe(30_000);
    const clock = { kind: "weekday", days: [0], zone: "", negate: false };
    expect(turnsIn([clock as unknown as Told], { seconds_on_page: 0 }, {}, at)).toBe(30_000);
  });
});

describe("facts of the page", () => {
  function collect(...kinds: string[]) {
    const page = new EventTarget();
    const changed = vi.fn();
    const size = { scrollHeight: 2_000, clientHeight: 1_000 };
    const root = Object.assign(new EventTarget(), size);
    vi.stubGlobal("document", { referrer: "https://search.test/", documentElement: root });
    vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
    vi.stubGlobal("scrollY", 0);
    const stay = new Stay();
    const facts = new PageFacts(new Memory("m", true), stay, new Set(kinds), changed);
    const turn = () => (stay.begin(), facts.begin());
    return { facts, turn, page, root, changed };
  }

  test("where the visit began, the page, the language, how often", () => {
    const { facts, turn } = collect("visits");
    expect(facts.now()).toMatchObject({
      start_url: "https://shop.test/tents?utm_source=mail#top",
      page_url: "https://shop.test/tents?utm_source=mail#top",
      referrer: "https://search.test/",
      language: "de-AT",
      site_visits: 1,
      page_visits: 1,
      events: [],
    });
    turn();
    expect(facts.now().page_visits).toBe(2);
  });

  test("how far down, told when it grows and never taken back on the same page", () => {
    const { facts, turn, page, changed } = collect("scrolled");
    expect(facts.now().scrolled).toBe(0);
    vi.stubGlobal("scrollY", 600);
    page.dispatchEvent(new Event("scroll"));
    vi.stubGlobal("scrollY", 100);
    page.dispatchEvent(new Event("scroll"));
    expect([facts.now().scrolled, changed.mock.calls.length]).toEqual([60, 1]);
    turn();
    expect(facts.now().scrolled).toBe(10);
  });

  test("leaving is by the upper edge, and told once", () => {
    const { facts, root, changed } = collect("leaving");
    const leave = (clientY: number) =>
      root.dispatchEvent(Object.assign(new Event("mouseleave"), { clientY }));
    leave(300);
    expect(facts.now().leaving).toBe(false);
    leave(0);
    leave(0);
    expect([facts.now().leaving, changed.mock.calls.length]).toEqual([true, 1]);
  });

  test("rules that are not at work any more listen to nothing", () => {
    const { facts, page, root, changed } = collect("scrolled", "leaving");
    facts.stop();
    vi.stubGlobal("scrollY", 600);
    page.dispatchEvent(new Event("scroll"));
    root.dispatchEvent(Object.assign(new Event("mouseleave"), { clientY: 0 }));
    expect(changed).not.toHaveBeenCalled();
  });

  test("what no rule asks for is not listened to", () => {
    const { facts, page, root, changed } = collect();
    page.dispatchEvent(new Event("scroll"));
    root.dispatchEvent(Object.assign(new Event("mouseleave"), { clientY: 0 }));
    expect(changed).not.toHaveBeenCalled();
    facts.happened("basket");
    expect([facts.now().events, changed.mock.calls.length]).toEqual([["basket"], 1]);
  });
});
