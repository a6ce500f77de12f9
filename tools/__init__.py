"""What a contributor's commands in bin/ run. Never imported by the product, not part of the wheel."""
