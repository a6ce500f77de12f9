/** What shows articles: fetched when the first card comes or the help centre is opened. */
export { default as Cards } from "./Cards.svelte";
export { default as Help } from "./Help.svelte";
