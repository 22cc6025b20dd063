"""A crew on other machines: the workers of a Dask scheduler. Needs ``raftviz[distributed]``.

A worker that is lost costs what it was doing: Dask gives that to another one. All workers must have
this very version of raftviz, which they are asked with each part.
"""

import logging
from concurrent.futures import Executor

from raftviz.lab.crews import CrewError

try:
    from distributed import Client
except ImportError as error:  # the extra is not installed
    raise CrewError("work beyond this machine needs Dask: install raftviz[distributed]") from error

CONNECT_S = 10
"""Seconds in which a scheduler must answer, and have a worker."""

_RETRIES = 5
"""So often a part may take its worker along before it is given up."""


class FarAway:
    """The workers of one scheduler. Raises CrewError when it is not there, or has nobody."""

    def __init__(self, address: str) -> None:
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what happens we say ourselves
        self._address = address
        try:
            self._client = Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError, RuntimeError) as error:
            raise CrewError(f"no Dask scheduler answers at {address}") from error
        self.jobs = sum(self._threads())
        if not self.jobs:
            self.close()
            raise CrewError(f"the scheduler at {address} has no workers")
        self.executor: Executor = self._client.get_executor(retries=_RETRIES, pure=False)

    def _threads(self) -> list[int]:
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        return [worker["nthreads"] for worker in workers.values()]

    def renew(self) -> None:
        """Dask has tried others already."""
        self.look()

    def look(self) -> None:
        """Raise CrewError if the scheduler is gone, or all of its workers."""
        if self._client.status != "running":
            raise CrewError(f"the scheduler at {self._address} is gone")
        if not self._threads():
            raise CrewError(f"all workers of the scheduler at {self._address} are gone")

    def close(self) -> None:
        """Forget what was not done, and take leave."""
        self._client.close()
