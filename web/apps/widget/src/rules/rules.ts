import { evaluate, hasPattern, type Search } from "@alongside/conditions";
import type { ConditionNode, Facts, PageRule, RuleFacts, RuleSet } from "@alongside/contract";
import type { panelFrame } from "../loader/frame";
import { watchPage } from "../loader/page";
import type { PageEvents } from "../loader/queue";
import type { ToPage } from "../shared/messages";
import { openAt, turnsIn } from "./clock";
import { Engine } from "./engine";
import { Memory } from "./memory";
import { leaves, nodeOf, type Told } from "./nodes";
import { Stay } from "./stay";
import { PageFacts } from "./visitor-facts";

/** What the loader lends: its button's place on the page, its panel, its voice. */
export interface Lent {
  frame: Pick<ReturnType<typeof panelFrame>, "load" | "tellWhenReady">;
  host: HTMLElement;
  open(): void;
  emit<Name extends keyof PageEvents>(name: Name, detail: PageEvents[Name]): void;
}

export interface Place {
  /** The channel's key, and the name under which the page remembers that there is a conversation. */
  key: string;
  flag: string;
  tag: string;
}

/** Who is there changes unseen: asked again this often, by pages in front whose rules ask for it. */
const AGENTS_MS = 60_000;
const AGENTS = new Set(["agent_online", "all_offline", "all_busy", "agent_available"]);
/** What must be remembered from page to page. */
const REMEMBERED = new Set(["visits", "url", "referrer", "campaign"]);
/** The rules that matched are told together. */
const TALLY_MS = 1_000;
/** A page does without what only the server knows after this long. */
const PATIENCE_MS = 4_000;

const origin = new URL(import.meta.url).origin;

/** The rules of a channel at work on this page. */
export class Rules {
  private readonly nodes: Told[];
  private readonly kinds: Set<string>;
  private readonly memory: Memory;
  private readonly facts: PageFacts;
  private readonly engine: Engine;
  private readonly tally = new Set<string>();
  private readonly endings: (() => void)[] = [];
  private told: RuleFacts | null = null;
  private ahead = 0;
  private opened = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  constructor(
    private readonly place: Place,
    private readonly lent: Lent,
    private readonly stay: Stay,
    rules: readonly PageRule[],
    search: Search | undefined,
    private readonly hide: (hidden: boolean) => void,
  ) {
    this.nodes = rules.map(nodeOf);
    const all = this.nodes.flatMap((node) => [...leaves(node)]);
    this.kinds = new Set(all.map(({ kind }) => kind));
    const keeps =
      rules.some(({ often }) => often !== "always") || [...this.kinds].some((kind) => REMEMBERED.has(kind));
    this.memory = new Memory(`${place.flag}:rules`, keeps);
    this.engine = new Engine(rules, this.memory, stay, (node: ConditionNode, facts: Facts) =>
      evaluate(node, facts, search),
    );
    this.facts = new PageFacts(this.memory, stay, this.kinds, () => this.judge());
    this.listen();
  }

  /** The address or the title is another: perhaps another page of a site that does not reload. */
  moved(): void {
    if (this.stay.isOver()) {
      this.stay.begin();
      this.facts.begin();
    }
    this.judge();
  }

  /** Page code says that something happened. */
  event(name: string): void {
    this.facts.happened(name);
  }

  get titles(): string[] {
    return [...new Set(this.stay.titles)];
  }

  /** Ask what only the server knows, if some rule needs it; then judge for the first time. */
  async begin(): Promise<void> {
    if (this.asks()) await Promise.race([this.ask(), new Promise((late) => setTimeout(late, PATIENCE_MS))]);
    this.judge();
    this.deliver(this.known());
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.facts.stop();
    this.endings.forEach((end) => end());
  }

  private listen(): void {
    const page = (window as unknown as { Alongside: { on(name: string, heard: unknown): () => void } })
      .Alongside;
    const heard = ({ origin: from, data }: MessageEvent) => {
      const message = (data as { alongside?: ToPage } | null)?.alongside;
      if (from === origin && message) this.heard(message);
    };
    const visible = () => {
      if (document.visibilityState === "visible") return void this.again();
      this.memory.stay();
      this.tell(); // they may be leaving
    };
    addEventListener("message", heard);
    document.addEventListener("visibilitychange", visible);
    const agents = [...this.kinds].some((kind) => AGENTS.has(kind))
      ? setInterval(() => document.hidden || void this.again(), AGENTS_MS)
      : undefined;
    this.endings.push(
      page.on("open", () => {
        this.opened = true;
        this.judge();
      }),
      // What they write may be what a rule waits for; and now there is somebody to act for.
      page.on("message", ({ mine }: PageEvents["message"]) => {
        if (!mine) return;
        void this.again();
        this.deliver();
      }),
      () => removeEventListener("message", heard),
      () => document.removeEventListener("visibilitychange", visible),
      () => clearInterval(agents),
    );
    this.opened = !!this.lent.host.shadowRoot?.querySelector(".open");
  }

  private heard(message: ToPage): void {
    if (message.type === "facts") this.take(message.facts);
    else if (message.type === "deed") this.memory.settled(message.rule);
    else return;
    this.judge();
  }

  private asks(): boolean {
    return [...this.kinds].some(
      (kind) => AGENTS.has(kind) || ["asked", "opening_hours", "current_time", "weekday"].includes(kind),
    );
  }

  private async again(): Promise<void> {
    if (!this.asks() || this.stopped) return;
    await this.ask();
    this.judge();
  }

  /** Of a known visitor the panel asks: only it holds their token, and the page learns yes or no. */
  private async ask(): Promise<void> {
    if (this.kinds.has("asked") && this.known()) {
      const answered = new Promise<void>((resolve) => (this.answered = resolve));
      this.lent.frame.tellWhenReady({ type: "ask" });
      this.lent.frame.load();
      return answered;
    }
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const answer = await fetch(`${base(this.place.key)}/facts?zone=${encodeURIComponent(zone)}`, {
      credentials: "omit",
    }).catch(() => null);
    if (answer?.ok) this.take((await answer.json()) as RuleFacts);
  }

  private answered: (() => void) | undefined;

  private take(told: RuleFacts): void {
    this.answered?.();
    if (told.tag !== this.place.tag) return; // of other rules: the look says so in a moment
    this.told = told;
    this.ahead = Date.parse(told.at) - Date.now();
  }

  private judge(): void {
    if (this.stopped) return;
    const now = Date.now() + this.ahead;
    const facts = this.all(now);
    const { hidden, matched } = this.engine.judge(facts, this.told?.asked ?? [], this.opened);
    this.hide(hidden);
    for (const rule of matched) this.act(rule);
    clearTimeout(this.timer);
    const wait = turnsIn(this.nodes, facts, this.told?.hours ?? {}, now);
    if (wait !== null) this.timer = setTimeout(() => this.judge(), Math.min(wait + 1, AGENTS_MS * 10));
  }

  private all(now: number): Facts {
    const { told } = this;
    const clock = told && { at: new Date(now).toISOString(), zone: told.zone };
    return {
      ...this.facts.now(),
      ...clock,
      agents: told?.agents ?? null,
      hours: told && openAt(told.hours, now),
    };
  }

  private act(rule: PageRule): void {
    this.count(rule.id);
    if (rule.does.includes("open") && !this.lent.host.hidden) this.lent.open();
    for (const name of rule.events.length > 0 ? rule.events : [""]) {
      if (name || !rule.acts) this.lent.emit("rule", { rule: rule.id, name });
    }
    if (!rule.acts) return;
    const occasion = rule.often === "visit" ? this.memory.visit.id : crypto.randomUUID();
    this.memory.wait({ rule: rule.id, occasion, says: rule.says });
    this.deliver();
  }

  /** What the server has to do goes through the panel. Of somebody new it waits, except for what they are to read. */
  private deliver(now = true): void {
    const known = this.known();
    for (const { rule, occasion, says } of this.memory.waiting) {
      if (!known && !says) continue;
      this.lent.frame.tellWhenReady({ type: "rule", rule, occasion });
      if (now) this.lent.frame.load();
    }
  }

  private count(rule: string): void {
    if (this.tally.size === 0) setTimeout(() => this.tell(), TALLY_MS);
    this.tally.add(rule);
  }

  private tell(): void {
    if (this.tally.size === 0) return;
    const body = JSON.stringify({ rules: [...this.tally] });
    this.tally.clear();
    // Plain text: a page of another site need not ask first whether it may.
    const headers = { "content-type": "text/plain" };
    void fetch(`${base(this.place.key)}/matches`, {
      method: "POST",
      body,
      headers,
      credentials: "omit",
      keepalive: true,
    }).catch(() => undefined);
  }

  private known(): boolean {
    try {
      return localStorage.getItem(this.place.flag) === "1";
    } catch {
      return false; // denied storage
    }
  }
}

const base = (key: string): string => `${origin}/api/v1/widget/channels/${encodeURIComponent(key)}/rules`;

let running: Rules | undefined;
let stay: Stay | undefined;

/** From now on let the rules of this version act; `hide` is called when they hide the chat or do not any more. */
export async function run(place: Place, lent: Lent, hide: (hidden: boolean) => void): Promise<Rules | null> {
  if (!place.tag) return stop();
  const answer = await fetch(`${base(place.key)}?tag=${place.tag}`, { credentials: "omit" }).catch(
    () => null,
  );
  if (!answer?.ok) return null;
  const { rules, tag } = (await answer.json()) as RuleSet;
  stop();
  const patterned = rules.some((rule) => hasPattern(nodeOf(rule) as ConditionNode));
  const search = patterned ? (await import("@alongside/conditions/patterns")).search : undefined;
  if (!stay) watchPage(() => running?.moved());
  stay ??= new Stay();
  const started = new Rules({ ...place, tag }, lent, stay, rules, search, hide);
  running = started;
  await started.begin();
  return started;
}

function stop(): null {
  running?.stop();
  running = undefined;
  return null;
}
