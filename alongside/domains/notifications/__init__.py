"""What agents are told when they look elsewhere: by Web Push, by mail that gathers, and in the console after too long.

Owns the agents' choices, the browsers that take pushes, the key that signs them, and the log of what was delivered.
Announces that somebody waits too long. Refuses to tell an agent of what they have seen, what others have answered, what
is not theirs, and anything while they went offline, unless they chose that.
"""
