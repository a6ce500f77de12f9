"""Action rules at work: what a widget is told of them, what they do to a visitor, how often they matched.

Owns what was done once (`action_rule_deed`) and the counts of matches by day (`action_rule_day`). The rules themselves
are the register's (`rules`). Announces nothing of its own. Refuses deeds of rules that are off, of another channel, or
whose conditions do not hold by what the server knows: a browser's word is a wish.
"""
