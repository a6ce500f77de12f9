// Opening hours in the panel: what comes only where a channel's settings ask for it.
export { default as Doors } from "./Doors.svelte";
export { default as Form } from "./Form.svelte";
