"""Pure computation: who is chosen, by which rule, in which order of waiting, and what another rule would have done."""
