"""What a text block may hold (`content`), and what a file of them would change (`sheet`). Pure."""
