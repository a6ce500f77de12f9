"""A small believable company to try Alongside with: Fernwood Outdoor, its agents, and ten days of conversations."""
