/** What lies over the whole page now. */
export const overlays = $state({ commands: false, help: false });
