"""System messages: texts by language that rules have Alongside tell a visitor by itself, with values put in.

Announces that they changed. Refuses a placeholder that does not exist and a name that is taken. What puts one into the
log of a conversation is `messages.actions.tell`.
"""
