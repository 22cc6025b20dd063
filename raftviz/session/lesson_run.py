"""A lesson under a student's hands: which step, what is done, what was foretold, what comes next.

A step is gone through block by block. Tasks stand together until all are ticked off, in any order;
a question waits for its answer, and then for the model's. What the lesson does, it does when its turn
comes. The student may do anything in between: nothing here depends on how they got there.
"""

from collections.abc import Iterator

import attrs

from raftviz.session.challenge import Account, Met, account_of
from raftviz.session.edits import Cursor
from raftviz.session.scenes import Scenes
from raftviz.session.session import Session
from raftviz.sim.history import Branch
from raftviz.sim.player import Failure
from raftviz.sim.statements import At, Placed
from raftviz.teaching.lesson import (
    Do,
    Hint,
    Lesson,
    Predict,
    Rules,
    Solution,
    Step,
    Task,
    Watch,
)
from raftviz.teaching.lookahead import Truth, look_ahead
from raftviz.teaching.poll import Poll


@attrs.define
class Answer:
    """What a student foretold, what the model says, and whether it has been seen yet."""

    value: float
    truth: Truth
    count: int
    revealed: bool = False
    poll: Poll | None = None
    """The hands of a class, if it was a class that answered."""

    @property
    def is_right(self) -> bool:
        """Whether the student was right."""
        return self.truth.value is not None and self.value == self.truth.value


@attrs.define
class StepRun:
    """How far a step is: ``at`` is the block whose turn it is, ``start`` where the step began."""

    step: Step
    start: Cursor
    at: int = 0
    ticked: set[int] = attrs.field(factory=set)
    answers: dict[int, Answer] = attrs.field(factory=dict)
    armed: list[Do] = attrs.field(factory=list)
    early: set[int] = attrs.field(factory=set)
    """What the lesson did as soon as a question was answered, and so not in its turn."""
    hints: int = 0

    @property
    def done(self) -> bool:
        """Whether nothing is left to do."""
        return self.at >= len(self.step.blocks)

    @property
    def question(self) -> Predict | None:
        """The question that waits for an answer."""
        block = None if self.done else self.step.blocks[self.at]
        return block if isinstance(block, Predict) and self.at not in self.answers else None

    @property
    def waiting(self) -> Answer | None:
        """The answer that waits for the model's."""
        answer = self.answers.get(self.at)
        return answer if answer is not None and not answer.revealed else None

    @property
    def group(self) -> list[int]:
        """The tasks whose turn it is, as places among the blocks."""
        found = []
        for at in range(self.at, len(self.step.blocks)):
            block = self.step.blocks[at]
            if isinstance(block, Predict) or (isinstance(block, Do) and block.when is None):
                break
            if isinstance(block, Task):
                found.append(at)
        return found


class LessonRun:
    """Plays a lesson on a session. Ask ``observe`` to look whenever the session has moved."""

    def __init__(self, lesson: Lesson, session: Session) -> None:
        self.lesson = lesson
        self.session = session
        self.number = 0
        self.steps: dict[int, StepRun] = {}
        self.watching: Watch | None = None
        """What the lesson last asked to look at; whoever shows it takes it away."""
        self._seen: tuple[int, int] = (-1, -1)
        self._ticked_at: dict[int, tuple[Branch, int]] = {}
        self._answered_on = session.branch
        self.performed: list[tuple[Branch, int, int]] = []
        """What the lesson did: events from the first number to before the second, of a branch."""
        self.solved: list[tuple[Branch, int, int]] = []
        """Those of them that were a solution."""
        self.met: Met | None = None
        """How the goal of a challenge was met last."""
        self.failures: list[Failure] = []
        """What a solution, or what the lesson does, waited for in vain."""
        self.start_failures = session.play(lesson.start)
        self.begin(0)

    @classmethod
    def of(cls, lesson: Lesson) -> "LessonRun":
        """A lesson on a cluster of its own. Raises ScriptError if its start cannot be played."""
        return cls(lesson, Session.of_settings(lesson.settings, lesson.title))

    @property
    def current(self) -> StepRun:
        """The step that is worked on."""
        return self.steps[self.number]

    @property
    def finished(self) -> bool:
        """Whether the last step is done."""
        return self.number == len(self.lesson.steps) - 1 and self.current.done

    # Moving

    def begin(self, number: int) -> None:
        """Work on a step from where the session stands."""
        self.number = number
        self.steps[number] = StepRun(self.lesson.steps[number], self.session.cursor)
        self._ticked_at.clear()
        self._seen = self._position
        self._advance()

    def next(self) -> bool:
        """Go on to the next step; whether this one is done and there is one."""
        if not self.current.done or self.number + 1 >= len(self.lesson.steps):
            return False
        self.begin(self.number + 1)
        return True

    def go(self, number: int) -> None:
        """Go to any step: where it began if the student was there, else by the lesson's own way."""
        if not 0 <= number < len(self.lesson.steps):
            raise IndexError(number)
        known = self.steps.get(number)
        if known is not None:
            self.number = number
            if known.done:
                self.session.go(attrs.evolve(known.start))
                self._seen = self._position
            else:
                self.reset()
            return
        last = max(at for at in self.steps if at < number)
        self.number = last
        self._open_branch(self.steps[last].start, f"the lesson's way to step {number + 1}")
        for at in range(last, number):
            self.begin(at)
            self._play_solutions(self.lesson.steps[at])
        self.begin(number)

    def reset(self) -> None:
        """Begin the step anew, on a branch of its own; what the student did stays as it is."""
        start = self.current.start
        if self._has_moved(start):
            self._open_branch(start, f"step {self.number + 1}, once more")
        self.begin(self.number)

    def _has_moved(self, start: Cursor) -> bool:
        return self.session.branch is not start.branch or len(start.branch) > start.count

    def _open_branch(self, cursor: Cursor, name: str) -> None:
        self.session.go(cursor)
        self.session.open_aside(name)

    # Looking

    @property
    def _position(self) -> tuple[int, int]:
        return self.session.branch.number, self.session.count

    def observe(self) -> bool:
        """Look at what has happened since the last time; whether anything here changed."""
        if self.current.done:
            self._seen = self._position
            return False
        branch, count = self._position
        before_branch, before = self._seen
        first = before + 1 if branch == before_branch and count > before else count
        self._seen = self._position
        line = self.session.branch
        changed = self._reveal()
        if self.session.branch is not line:  # what the lesson did then went back, and on from there
            self._seen = branch, count = self._position
            first = count
        since = min(self.current.start.count, self._shared())
        if self.lesson.rules is not None:
            changed |= self._untick()
            if branch != before_branch:  # a goal is met along one line, from its beginning
                first = min(since, count)
        scenes = Scenes(self.session.history, self.session.branch, first, since)
        for number in range(first, count + 1):
            changed |= self._look(scenes.at(number))
        return changed

    def _shared(self) -> int:
        """How many events of the branch that is looked at are those from before the step began."""
        return self.current.start.branch.shared_with(self.session.branch)

    def _look(self, scene: Scenes) -> bool:
        run = self.current
        changed = False
        for do in [do for do in run.armed if do.when is not None and do.when.holds(scene)]:
            run.armed.remove(do)
            self._perform(do.statements)
            changed = True
        for at in run.group:
            block = run.step.blocks[at]
            if at not in run.ticked and isinstance(block, Task) and block.condition.holds(scene):
                if not self._counts(scene):
                    continue
                run.ticked.add(at)
                self._ticked_at[at] = scene.place
                changed = True
        if changed:
            self._advance()
            if self.lesson.rules is not None and run.done:
                self._meet(scene)
        return changed

    # Challenges

    def account(self, branch: Branch | None = None, count: int | None = None) -> Account:
        """What counts of what was done in the step, up to where one looks or to another place."""
        rules = self.lesson.rules or Rules()
        branch = branch or self.session.branch
        count = self.session.count if count is None else count
        start = min(self.current.start.count, self.current.start.branch.shared_with(branch))
        return account_of(rules, branch, start, count, self.performed, self.solved)

    def _counts(self, scene: Scenes) -> bool:
        """Whether what is so here counts: in a challenge, if all that was done is allowed."""
        rules = self.lesson.rules
        return rules is None or not self.account(*scene.place).hindrance(rules)

    def _meet(self, scene: Scenes) -> None:
        branch, count = scene.place
        account = self.account(branch, count)
        self.met = Met(account.acts, Cursor(branch, count, scene.time_us), account.shown)

    def _untick(self) -> bool:
        """Take back what is not so on the line that is looked at; whether anything was."""
        branch, count = self.session.branch, self.session.count
        lost = [
            at
            for at, (of, ticked) in self._ticked_at.items()
            if at in self.current.ticked and min(branch.shared_with(of), count) < ticked
        ]
        self.current.ticked -= set(lost)
        return bool(lost)

    def _advance(self) -> None:
        """Go on to the next block that waits for the student."""
        run = self.current
        while not run.done:
            block = run.step.blocks[run.at]
            if isinstance(block, Task):
                if any(at not in run.ticked for at in run.group):
                    return
                run.at = run.group[-1]
            elif isinstance(block, Predict):
                if run.at not in run.answers or not run.answers[run.at].revealed:
                    return
            elif isinstance(block, Do):
                if block.when is not None:
                    run.armed.append(block)
                elif run.at not in run.early:
                    self._perform(block.statements)
            elif isinstance(block, Watch):
                self.watching = block
            run.at += 1

    def _perform(self, statements: tuple[Placed, ...], *, solving: bool = False) -> None:
        session = self.session
        branch, count = session.branch, session.count
        self.failures += session.play(statements)
        first = count if session.branch is branch else session.branch.fork
        self.performed.append((session.branch, first, session.count))
        if solving:
            self.solved.append(self.performed[-1])

    # Foretelling

    def answer(self, value: float, poll: Poll | None = None) -> Answer | None:
        """Foretell; the model's answer is known from here on, and shown when it has been played.

        A class foretells with the hands of a ``poll``.
        """
        run, session = self.current, self.session
        question = run.question
        if question is None:
            return None
        truth = self._truth(question)
        made = run.answers[run.at] = Answer(value, truth, session.count + truth.events, poll=poll)
        for at in self._at_once():
            run.early.add(at)
            block = run.step.blocks[at]
            assert isinstance(block, Do)
            self._perform(block.statements)
        self._answered_on = session.branch
        if truth.events == 0:
            self._reveal()
        return made

    def _at_once(self) -> list[int]:
        """What the lesson does right behind the question: it is part of what is foretold."""
        run, found = self.current, []
        for at in range(run.at + 1, len(run.step.blocks)):
            block = run.step.blocks[at]
            if not isinstance(block, Do) or block.when is not None:
                break
            found.append(at)
        return found

    def _truth(self, question: Predict) -> Truth:
        session, blocks = self.session, self.current.step.blocks
        acts = [block for at in self._at_once() if isinstance(block := blocks[at], Do)]
        first = tuple(placed for act in acts for placed in act.statements)
        return look_ahead(
            session.history,
            session.branch,
            session.count,
            session.time_us,
            question,
            first,
            session.called,
        )

    def _reveal(self) -> bool:
        """Show the model's answer once its instant has come, or the student went another way."""
        run = self.current
        waiting = run.waiting
        if waiting is None:
            return False
        session = self.session
        played = session.count >= waiting.count and session.time_us >= waiting.truth.time_us
        if not played and session.branch is self._answered_on:
            return False
        waiting.revealed = True
        self._advance()
        return True

    # Helping

    def hint(self) -> Hint | None:
        """One hint more, or None if all are shown."""
        run = self.current
        if run.hints >= len(run.step.hints):
            return None
        run.hints += 1
        return run.step.hints[run.hints - 1]

    def show_me(self) -> None:
        """Do what the step asks, on a branch of its own, and stand at its beginning to step through."""
        start = self.current.start
        self._open_branch(start, f"step {self.number + 1}, shown")
        self.begin(self.number)
        start = self.session.cursor
        self._play_solutions(self.current.step)
        self.session.go(start)

    def _play_solutions(self, step: Step) -> None:
        for _ in self.solving(step):
            pass

    def solving(self, step: Step) -> Iterator[Placed]:
        """Play the step's solution, statement by statement; the model answers what is asked."""
        self._answer_all()
        for solution in (block for block in step.blocks if isinstance(block, Solution)):
            for placed in solution.statements:
                self._perform((placed,), solving=True)
                self.observe()
                self._answer_all()
                yield placed

    def _answer_all(self) -> None:
        """Answer what is asked as the model does, and play on until it is seen."""
        while (question := self.current.question) is not None:
            truth = self._truth(question)
            self.answer(-1.0 if truth.value is None else truth.value)
            waiting = self.current.waiting
            if waiting is not None:
                self._perform((Placed(At(waiting.truth.time_us), question.line),))
                self.observe()
