"""The view's generations: the table that is read, and the other, in which a rebuild makes it anew.

What happens is folded into every table that somebody reads or is going to read. So nobody who still reads the former
table after a swap sees an old view, and what happens during a rebuild is in it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.viewpage.errors import NoSuchRebuild
from kernel.clock import instant

# No function that writes the view lives longer; a clock may be a little off.
LONGEST_WRITE = timedelta(seconds=12)
LONGEST_READ = timedelta(seconds=15)  # how long a reader may go by what it knew of the live table


@dataclass(frozen=True, slots=True)
class Rebuild:
    """A rebuild under way in `table`. `until` (RFC 3339 UTC): it shows the rooms as they were then; None: now."""

    rebuild_id: str
    table: str
    until: str | None = None

    def tells(self, time: str) -> bool:
        """Whether what happened at `time` (RFC 3339 UTC) belongs into it."""
        return self.until is None or time <= self.until

    def shown(self, now: datetime) -> datetime:
        """The instant as of which its table is folded and looked at."""
        return datetime.fromisoformat(self.until) if self.until else now


@dataclass(frozen=True, slots=True)
class Generations:
    """`live` is read. `former` was, and may be still until `read_until` (RFC 3339 UTC). `version` counts changes."""

    live: str
    rebuild: Rebuild | None = None
    former: str | None = None
    read_until: str = ""
    version: int = 0

    def written(self, now: datetime) -> tuple[str, ...]:
        """The tables that what happens is folded into, the live one first."""
        tables = [self.live]
        if self.rebuild and self.rebuild.until is None:
            tables.append(self.rebuild.table)
        if self.former and instant(now) <= self.read_until:
            tables.append(self.former)
        return tuple(dict.fromkeys(tables))

    def under_way(self, rebuild_id: str) -> Rebuild:
        """The rebuild of this id. Raises NoSuchRebuild when it has ended, or another has taken its place."""
        if self.rebuild is None or self.rebuild.rebuild_id != rebuild_id:
            raise NoSuchRebuild
        return self.rebuild

    def clear_at(self, now: datetime) -> datetime:
        """From when on nobody reads the table that is not live, nor writes what an earlier rebuild wanted there."""
        ready = now
        if self.rebuild:
            ready = now + LONGEST_WRITE
        if self.former and instant(now) <= self.read_until:
            ready = max(ready, datetime.fromisoformat(self.read_until) + LONGEST_WRITE)
        return ready


def begin(
    known: Generations, tables: tuple[str, str], rebuild_id: str, until: datetime | None
) -> Generations:
    """A rebuild in that one of the two tables which is not live. One that was under way is given up."""
    (spare,) = set(tables) - {known.live}
    rebuild = Rebuild(rebuild_id, spare, instant(until) if until else None)
    return replace(known, rebuild=rebuild, version=known.version + 1)


def swap(known: Generations, rebuild_id: str, now: datetime) -> Generations:
    """The rebuilt table becomes the live one. Raises NoSuchRebuild, for a rebuild of the past too."""
    rebuild = known.under_way(rebuild_id)
    if rebuild.until is not None:
        raise NoSuchRebuild
    return Generations(
        live=rebuild.table,
        former=known.live,
        read_until=instant(now + LONGEST_READ),
        version=known.version + 1,
    )


def leave(known: Generations, rebuild_id: str) -> Generations:
    """The rebuilt table stays beside the live one, to be looked at. Raises NoSuchRebuild."""
    known.under_way(rebuild_id)
    return replace(known, rebuild=None, version=known.version + 1)
