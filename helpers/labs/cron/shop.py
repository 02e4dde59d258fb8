"""What the shop has in its cloud: orders, reports, books; looked at, and put back as it was."""

import json
import random
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from helpers.checks import Diagnosis, Incorrect, Link, Probe, require
from helpers.checks.buckets import find_object
from helpers.checks.function import configuration, variables
from helpers.checks.links.schedule import require_invited, require_rule, require_target
from helpers.checks.tables import find_row, keep_rows, put_row

FUNCTION = "report"
RULE, VARIABLE = "nightly-report", "nightly"
BOOKS = "books"
ONE_DAY = timedelta(days=1)

Files = Mapping[str, tuple[str, Any]]


class Report(Diagnosis):
    NO_BUCKET = Link.CONFIGURATION("""
        The function `report` does not know its bucket: the environment variable `BUCKET` is gone.
        Run the cell that deploys it with `environment=`.""")


class Shop:
    """The shop's bucket and books. What a check puts or causes there is gone when it is over."""

    def __init__(self, probe: Probe) -> None:
        self._probe = probe
        self._s3 = probe.client("s3")
        self.settings = configuration(probe, FUNCTION)
        self.bucket = variables(self.settings).get("BUCKET", "")
        require(self.bucket, Report.NO_BUCKET)
        self._known = self.files()
        self._seen = dict(self._known)
        probe.afterwards(self._remove_new)
        try:
            keep_rows(probe, BOOKS)
            self._has_books = True
        except Incorrect:  # the first exercises come before them
            self._has_books = False

    def files(self) -> Files:
        """Return each report's key, and what tells whether it was written again."""
        pages = self._s3.get_paginator("list_objects_v2")
        found = pages.paginate(Bucket=self.bucket, Prefix="reports/")
        entries = (entry for page in found for entry in page.get("Contents", ()))
        return {entry["Key"]: (entry["ETag"], entry["LastModified"]) for entry in entries}

    def written(self) -> list[str]:
        """Return the days, or what stands for them, of the reports written during the check."""
        new = [key for key, state in self.files().items() if self._seen.get(key) != state]
        return sorted(key.removeprefix("reports/").removesuffix(".json") for key in new)

    def set_aside(self, days: Iterable[str]) -> None:
        """Remove these reports until the check is over, to see whether they are written anew.

        What is written again within the second looks as it did before.
        """
        for key in {f"reports/{day}.json" for day in days} & set(self._known):
            where = {"Bucket": self.bucket, "Key": key}
            body = self._s3.get_object(**where)["Body"].read()
            self._probe.afterwards(self._s3.put_object, **where, Body=body)
            self._s3.delete_object(**where)
            del self._seen[key]

    def sell(self, day: date) -> int:
        """Put orders for that day into the bucket; return what was earned, in cents."""
        cents = [random.randint(100, 9999) for _ in range(random.randint(2, 6))]
        orders = [{"order": f"C-{n}", "cents": each} for n, each in enumerate(cents)]
        where = {"Bucket": self.bucket, "Key": f"orders/{day}.json"}
        self._probe.afterwards(self._s3.delete_object, **where)
        self._s3.put_object(**where, Body=json.dumps(orders))
        return sum(cents)

    def report(self, day: date) -> Any:
        """Return the report of that day, None if there is none."""
        file = find_object(self._probe, self.bucket, f"reports/{day}.json")
        try:
            return json.loads(file.data) if file else None
        except ValueError:
            return "(not JSON)"

    def set_books(self, cents: int, last_day: date) -> None:
        """Have the books say this while the check goes on, if there are books already."""
        if self._has_books:
            item = {"book": "revenue", "cents": cents, "last_day": f"{last_day}"}
            put_row(self._probe, BOOKS, ("book",), **item)

    def book(self) -> tuple[int, str]:
        """Return the cents and the last day that the books have."""
        item = find_row(self._probe, BOOKS, book="revenue") or {}
        return int(item.get("cents", 0)), str(item.get("last_day"))

    def _remove_new(self) -> None:
        for key in set(self.files()) - set(self._known):
            self._s3.delete_object(Bucket=self.bucket, Key=key)


def require_nightly(probe: Probe) -> None:
    """Raise what is broken in the chain from the nightly rule to the function."""
    require_rule(probe, RULE, VARIABLE)
    require_target(probe, RULE, FUNCTION)
    require_invited(probe, RULE, FUNCTION)


def event_at(due: date) -> dict[str, Any]:
    """Return what the rule sends in the night in which `due` begins."""
    return {
        "version": "0",
        "id": f"{random.getrandbits(64):x}",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "time": f"{due}T01:00:00Z",
        "detail": {},
    }


def some_day(month: int | None = None, day: int | None = None) -> date:
    """Return a day of years long past, in which the shop has no files of its own."""
    year = random.randint(1991, 2019)
    return date(year, month or random.randint(1, 12), day or random.randint(2, 27))


def at_one(day: date) -> datetime:
    """Return one o'clock of that day, UTC: when the rule is due."""
    return datetime.fromisoformat(f"{day}T01:00:00+00:00")
