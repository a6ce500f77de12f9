"""Chat links: addresses by which another system shows one conversation, and answers in it as one agent.

Announces deeds alone. Refuses who may not see the conversation, whoever would speak for a colleague in person, and
every link that has expired, was revoked, or whose agent left or may not see the conversation any more.
"""
