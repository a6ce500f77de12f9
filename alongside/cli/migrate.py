"""`alongside migrate`."""

from __future__ import annotations

import argparse

from alongside.cli import common
from alongside.platform import examine, migrate


def run(arguments: argparse.Namespace) -> int:
    """Apply what is pending, or only list it."""
    config = common.settings(arguments)
    with common.database(config) as config:
        url = common.url_of(config)
        findings = examine.examine(url)
        examine.require_fit(findings, weak_allowed=config.allow_weak_durability)
        if arguments.plan:
            for each in findings.plan.pending:
                print(each.name)
            common.say(f"{len(findings.plan.pending)} change(s) pending. Nothing was changed.")
            return 0
        done = migrate.migrate(url.reveal(), common.say)
        common.say(f"The database is up to date ({len(done)} change(s) applied).")
    return 0
