"""What proofs about servers stand on: real processes, a proxy that breaks links, obedient clients, a checker.

ports        free ones
bulk         more rows than a server writes in one statement
standing     budgets for which no time passes
nodes        server processes that can be killed, frozen and asked how much memory they use
proxy        a TCP proxy that cuts, swallows, stalls
client, clients, log   a visitor's and an agent's socket, following the rules to the letter
journal      what was sent and what was promised, compared with what the database holds
invariants   what must be true of every log at any time
nemesis      seeded misfortune: prints its seed, `--seed` repeats it
stage        all of it together: a database, nodes, the cast
"""
