import { tryT } from "../../i18n/index.svelte";

/** Why something was not delivered: in our words where it is a code of ours, else what the other side said. */
export function reasonOf(reason: string): string {
  return tryT(`told.reason.${reason}`) ?? reason;
}
