import type { Component } from "svelte";
import type { ChannelDetails, EditChannel } from "@alongside/contract";
import type { Key } from "../../i18n/index.svelte";
import AroundPart from "./AroundPart.svelte";
import AvailabilityPart from "./AvailabilityPart.svelte";
import LookPart from "./look/LookPart.svelte";
import MessagesPart from "./MessagesPart.svelte";
import SitePart from "./SitePart.svelte";

export interface PartProps {
  channel: ChannelDetails;
  disabled: boolean;
  /** Writes a change and tells how it went: true when it is stored; a refusal has been shown. */
  change: (body: EditChannel) => Promise<boolean>;
}

/** The parts of a channel's page, in order. */
export const PARTS = [
  { id: "look", label: "channels.part.look", component: LookPart },
  { id: "messages", label: "channels.part.messages", component: MessagesPart },
  { id: "around", label: "channels.part.around", component: AroundPart },
  { id: "availability", label: "doors.title", component: AvailabilityPart },
  { id: "site", label: "channels.part.site", component: SitePart },
] as const satisfies readonly { id: string; label: Key; component: Component<PartProps> }[];

export type PartId = (typeof PARTS)[number]["id"];
