"""What people do with whole branches: describe them, and take them out of sight."""

from raftviz.session.edits import Cursor, EditError, checked_name, checked_note
from raftviz.session.session import Session
from raftviz.sim.history import Branch, Label


def describe(session: Session, branch: Branch, label: Label) -> None:
    """Give a branch another name, note or colour.

    Raises EditError for a name that is taken, and for a note that is too long.
    """
    name = checked_name(label.name, session.names(but=branch))
    old, new = branch.label, Label(name, checked_note(label.note), label.colour)
    if new == old:
        return
    was = Label(old.name, old.note, old.colour)

    def become(label: Label) -> None:
        # In place: a branch that stands in for another shares its label.
        old.name, old.note, old.colour = label.name, label.note, label.colour

    session.do(f"describe “{name}”", lambda: become(new), lambda: become(was))


def delete_branch(session: Session, branch: Branch) -> None:
    """Take a branch out of sight; branches that begin in it stay. Raises EditError for the last.

    Who looks at it goes to where it parts from the branch that shares most with it.
    """
    others = [other for other in session.history.visible if other is not branch]
    if not others:
        raise EditError("this is the only branch, and a session has at least one")
    before = session.cursor

    def redo() -> None:
        branch.hidden = True
        if session.branch is branch:
            nearest = max(others, key=branch.shared_with)
            count = min(session.count, branch.shared_with(nearest))
            # Behind its last event a branch is known only as far as it was simulated.
            known_us = nearest.latest_us(count) if count < len(nearest) else session.end_of(nearest)
            time_us = min(session.cursor.time_us, known_us)
            session.go(Cursor(nearest, count, time_us))

    def undo() -> None:
        branch.hidden = False
        session.go(before)

    session.do(f"delete “{branch.name}”", redo, undo)
