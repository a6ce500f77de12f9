"""What can be computed about the company: its opening hours. Pure."""
