import type { EventCondition } from "@alongside/contract";
import { BROWSER, known, type Judge } from "../language";

/** The page called `Alongside.event(name)` since it was opened. */
export default {
  places: BROWSER,
  holds: ({ name }, { events }) => known(events, (names) => names.includes(name)),
} satisfies Judge<EventCondition>;
