"""The company that this deployment serves: its name, its language, the epoch of its history. One row."""
