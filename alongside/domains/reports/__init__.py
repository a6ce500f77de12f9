"""Reports: figures about episodes on the screen and as files, gathered information, and when agents were there.

Every figure is computed in one place (`figures.py`), for the dashboard, the rows and the CSV alike; docs/reports.md
defines each. Owns the tables `episode_fact`, what the logs say of episodes (`facts.py`), and `report_export`: reports
that are written to files by jobs. Announces how far these are. Refuses to store figures: what is told is always
computed from the numbered log and the episodes.
"""
