import type { CountryCondition } from "@alongside/contract";
import { BOTH, known, type Judge } from "../language";

/** The visitor seems to be in one of these countries. */
export default {
  places: BOTH,
  holds: ({ countries }, { country }) => known(country || null, (code) => countries.includes(code)),
} satisfies Judge<CountryCondition>;
