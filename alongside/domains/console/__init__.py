"""The agents' door: the live socket of the console. The only place where agents reach anything live."""
