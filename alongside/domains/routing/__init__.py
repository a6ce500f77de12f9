"""Routing: who gets a conversation that begins and that nobody has, and who waits for whom.

Owns decisions (each kept with its reasons), the waiting queue, and the watch over those who were chosen and do not
react. Announces that the queue changed. Refuses to give anybody more chats than their limit, to give one to somebody
who may not answer, and to overtake whoever waits longer.
"""
