import type { CampaignCondition } from "@alongside/contract";
import { BOTH, compareTexts, known, type Judge } from "../language";

/** The first value of a parameter of the start page's address. One that is not there is as nothing. */
export default {
  places: BOTH,
  holds: (condition, { start_url }, search) =>
    known(start_url, (url) => {
      const found = queryOf(url).get(condition.parameter);
      return found !== null && compareTexts(condition, found, search);
    }),
} satisfies Judge<CampaignCondition>;

function queryOf(url: string): URLSearchParams {
  const address = url.split("#", 1)[0] ?? "";
  const mark = address.indexOf("?");
  return new URLSearchParams(mark < 0 ? "" : address.slice(mark)); // takes off the question mark, and only that
}
