"""Articles: what the help centre says, written by the team in several languages, read by everybody once published.

Owns categories, the texts being written, the published pages, their addresses, pictures and view counts. Announces that
articles changed. Refuses a save that would undo somebody else's, and whatever a body holds besides its Markdown.
"""
