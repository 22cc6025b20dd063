"""Lessons for tests: as short as they can be."""

from raftviz.session.lesson_run import LessonRun
from raftviz.teaching.lesson import Lesson
from raftviz.teaching.reading import read_lesson

HEAD = """---
title: A test
servers: 3
seed: 7
start: leader S1 in term 2
---
"""


def lesson(body: str, head: str = HEAD) -> Lesson:
    """A lesson with a body of steps."""
    return read_lesson(head + body, "test")


def started(body: str, head: str = HEAD) -> LessonRun:
    """A lesson that a student has just opened."""
    return LessonRun.of(lesson(body, head))


CRASH = """
# Crash it

Take the leader away.

```{until} Crash the leader.
crashed(S1)
```

```{hint}
Press K.
```

```{hint}
Click S1, then press K.
```

```{solution}
crash S1
```
"""

FORETELL = """
# Who will lead?

Nobody leads now.

```{predict} Will S1 lead again?
- [ ] Yes
- [x] No
check: leader == S2 or leader == S3
until: any_leader
because: It is down.
```

```{until} Let somebody lead.
any_leader
```

```{solution}
until any_leader
```
"""
