"""A visitor who left gets the team's answers by mail, and a link that leads back into the conversation.

Owns the tables `return_link` and `answer_mail`. Refuses to send notes, to write to who has read it, wants no mail or
is there, and to let a link do more than open its one conversation.
"""
