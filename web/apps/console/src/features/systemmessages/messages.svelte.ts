import type { Rule, RuleList, SystemMessage } from "@alongside/contract";
import { call } from "../../live/api";
import { Known } from "../../live/known.svelte";

/** All system messages, for their page and for the rules that can tell one. */
export const messages = new Known(() => call<SystemMessage[]>("GET", "/system-messages"));

export const routing = new Known(() => call<RuleList>("GET", "/rules/routing"));

/** The rules that tell a message. */
export const tellers = (id: string): Rule[] =>
  (routing.value?.rules ?? []).filter((rule) => JSON.stringify(rule.body).includes(id));
