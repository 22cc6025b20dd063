"""Growing tables of integers, kept as numpy columns so that a slice of a long run is found at once.

Rows are appended as Python tuples, which is quick, and turned into columns when somebody reads.
"""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_FIRST_ROOM = 256


class Columns:
    """A table with named integer columns. Rows are numbered from 0 in the order of appending."""

    def __init__(self, *fields: str) -> None:
        self.fields = fields
        self._at = {field: at for at, field in enumerate(fields)}
        self._data: Ints = np.empty((len(fields), _FIRST_ROOM), dtype=np.int64)
        self._size = 0
        self._new: list[tuple[int, ...]] = []
        self._changes: dict[str, tuple[list[int], list[int]]] = {}

    def __len__(self) -> int:
        return self._size + len(self._new)

    def append(self, *row: int) -> int:
        """Append a row, one value for each field, and return its number."""
        self._new.append(row)
        return self._size + len(self._new) - 1

    def change(self, row: int, field: str, value: int) -> None:
        """Set one value of a row."""
        rows, values = self._changes.setdefault(field, ([], []))
        rows.append(row)
        values.append(value)

    def column(self, field: str) -> Ints:
        """All values of a field. Not to be written to, nor kept while rows are appended."""
        if self._new or self._changes:
            self._settle()
        return self._data[self._at[field], : self._size]

    def value(self, row: int, field: str) -> int:
        """One value of one row."""
        return int(self.column(field)[row])

    def first(self, size: int) -> "Columns":
        """A table of its own with the first ``size`` rows."""
        self._settle()
        part = Columns(*self.fields)
        part._data = self._data[:, : max(size, 1)].copy()
        part._size = min(size, self._size)
        return part

    def _settle(self) -> None:
        if self._new:
            block = np.array(self._new, dtype=np.int64).T
            size = self._size + block.shape[1]
            if size > self._data.shape[1]:
                roomier = np.empty((len(self.fields), 2 * size), dtype=np.int64)
                roomier[:, : self._size] = self._data[:, : self._size]
                self._data = roomier
            self._data[:, self._size : size] = block
            self._size = size
            self._new = []
        if self._changes:
            for field, (rows, values) in self._changes.items():
                self._data[self._at[field], rows] = values
            self._changes = {}
