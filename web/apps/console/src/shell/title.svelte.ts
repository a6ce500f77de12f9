/** What of the page is in front, for the title of the window: whose conversation it is. */
export const title: { subject: string | null } = $state({ subject: null });
