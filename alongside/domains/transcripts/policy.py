"""Who may take a conversation away as a file."""

EXPORT = "conversations.export"
