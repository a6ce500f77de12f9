"""What the product stands on: configuration, database, sockets, web, sign-in. Knows frameworks, not the product."""
