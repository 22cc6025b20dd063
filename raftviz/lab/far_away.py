"""A crew on other machines: the workers of a Dask scheduler. Needs ``raftviz[distributed]``.

A worker that is lost costs what it was doing: Dask gives that to another one. All workers must have
this very version of raftviz, which they are asked with each part.
"""

import logging
import time
from concurrent.futures import Executor

from raftviz.lab.crews import CrewError

try:
    from distributed import Client, KilledWorker
except ImportError as error:  # the extra is not installed
    raise CrewError("work beyond this machine needs Dask: install raftviz[distributed]") from error

CONNECT_S = 10
"""Seconds in which a scheduler must answer, and have a worker."""

_RETRIES = 5
"""So often a part may take its worker along before it is given up."""

_LONGEST = 200
"""Characters of what an error says of itself."""


class FarAway:
    """The workers of one scheduler. Raises CrewError when it is not there, or has nobody."""

    def __init__(self, address: str) -> None:
        _hush()
        self._address = address
        try:
            self._client = Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError, RuntimeError) as error:
            raise CrewError(f"no Dask scheduler answers at {address}") from error
        self.jobs = sum(self._threads())
        if not self.jobs:
            self.close()
            raise CrewError(f"the scheduler at {address} has no workers")
        self._alone_since: float | None = None
        self.executor: Executor = self._client.get_executor(retries=_RETRIES, pure=False)

    def _threads(self) -> list[int]:
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        return [worker["nthreads"] for worker in workers.values()]

    def renew(self) -> None:
        """Dask has tried others already."""
        self.look()

    def look(self) -> None:
        """Raise CrewError if the scheduler is gone, or all of its workers and nobody takes their place."""
        if self._client.status != "running":
            raise CrewError(f"the scheduler at {self._address} is gone")
        if self._threads():
            self._alone_since = None
            return
        now = time.monotonic()
        self._alone_since = self._alone_since or now
        if now - self._alone_since >= CONNECT_S:
            raise CrewError(f"all workers of the scheduler at {self._address} are gone")

    def told(self, error: Exception) -> CrewError:
        """What an error of Dask, and not of the work, means."""
        if self._client.status != "running":
            return CrewError(f"the scheduler at {self._address} is gone")
        if isinstance(error, KilledWorker):
            return CrewError(
                f"a part of the work took {_RETRIES} workers along, one after the other"
            )
        why = " ".join(str(error).split()).partition(". ")[0][:_LONGEST]
        return CrewError(
            "the workers could not do it; all of them, and the scheduler, need this version of "
            f"raftviz ({why})"
        )

    def close(self) -> None:
        """Forget what was not done, and take leave."""
        self._client.close()


def _hush() -> None:
    """What happens we say ourselves."""
    for name in ("distributed", *logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
