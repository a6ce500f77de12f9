import type { ConversationRow } from "@alongside/contract";
import type { Occasion } from "./settings.svelte";

export interface Popup {
  row: ConversationRow;
  occasion: Occasion;
  test?: boolean;
}

const MOST = 99;
const STAY_MS = 8000;

/** What lies over a page for a while and says that something came: the first is shown, the others are counted. */
class Popups {
  /** Raw: which one leaves is told by identity, which a reactive copy would not have. */
  list = $state.raw<readonly Popup[]>([]);
  /** The pointer was moved onto it, or the focus: it stays as it is. */
  held = $state(false);

  show(popup: Popup): void {
    const others = this.list.filter((one) => one.row.id !== popup.row.id);
    const stays = this.held && others[0] === this.list[0] ? others.slice(0, 1) : [];
    this.list = [...stays, popup, ...others.slice(stays.length)].slice(0, MOST);
    const late = () => (this.held ? void setTimeout(late, STAY_MS / 2) : this.leave((one) => one === popup));
    setTimeout(late, STAY_MS);
  }

  /** Without `which` all of them, those that are only counted too. */
  leave(which: (one: Popup) => boolean = () => true): void {
    this.list = this.list.filter((one) => !which(one));
    // What goes with the focus in it does not tell that it has lost it.
    if (this.list.length === 0) this.held = false;
  }
}

export const popups = new Popups();
