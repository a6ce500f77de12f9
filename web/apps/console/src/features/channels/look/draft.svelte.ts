import type { ChannelDetails } from "@alongside/contract";
import { merged, same, valuesOf, type Name, type Values } from "./values";

/** A form that is being filled in while others may change the same channel: nobody's change is lost without a word. */
export class Draft {
  now: Values;
  /** What was changed here and meanwhile by somebody else. */
  both = $state.raw<Name[]>([]);
  revision: number;
  private base: Values;
  private theirs: Values | null = null;
  readonly changed: Name[] = $derived.by(() =>
    (Object.keys(this.base) as Name[]).filter((name) => !same(this.now[name], this.base[name])),
  );

  constructor(channel: ChannelDetails) {
    this.base = $state.raw(valuesOf(channel.settings));
    this.now = $state(valuesOf(channel.settings));
    this.revision = $state.raw(channel.revision);
  }

  /** The channel as it is now: what is not being changed here follows. */
  meet(channel: ChannelDetails): void {
    if (channel.revision <= this.revision) return;
    const theirs = valuesOf(channel.settings);
    const { values, both } = merged(this.base, $state.snapshot(this.now) as Values, theirs);
    this.now = values;
    this.both = [...new Set([...this.both, ...both])].filter((name) => !same(values[name], theirs[name]));
    this.theirs = theirs;
    this.base = theirs;
    this.revision = channel.revision;
  }

  /** `sent` was stored, as `channel` tells: what was changed since it was sent stays. */
  kept(channel: ChannelDetails, sent: Values): void {
    this.base = valuesOf(channel.settings);
    this.now = merged(sent, $state.snapshot(this.now) as Values, this.base).values;
    this.revision = channel.revision;
    this.both = [];
  }

  takeTheirs(): void {
    if (this.theirs) Object.assign(this.now, only(this.theirs, this.both));
    this.both = [];
  }

  keepMine(): void {
    this.both = [];
  }

  discard(): void {
    this.now = structuredClone(this.base);
    this.both = [];
  }
}

const only = (values: Values, names: readonly Name[]): Partial<Values> =>
  structuredClone(Object.fromEntries(names.map((name) => [name, values[name]])));
