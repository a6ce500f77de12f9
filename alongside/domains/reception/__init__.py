"""What visitors are asked before their first message: consent to a text, and a few things about themselves.

Owns who agreed to which wording (`consent`). What visitors say of themselves becomes claims of their contact. Announces
nothing of its own. Refuses a first message without what the channel requires; the widget's door asks it to.
"""
