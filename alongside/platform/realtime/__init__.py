"""Live delivery: connections with bounded queues, topics, and the bus that rings the other processes' bells.

Nothing here is a store. What is lost here is found again from the log.
"""
