"""What the model answers to the questions of a lesson, for whoever teaches it."""

from raftviz.raft.names import name
from raftviz.session.lesson_run import LessonRun
from raftviz.teaching.lesson import Lesson, Predict


def answers_of(lesson: Lesson) -> dict[int, str]:
    """The model's answers in words, by the lines of the questions; the lesson's solution is played.

    A question that the model cannot answer has none. Raises ScriptError for what cannot be played.
    """
    run, found = LessonRun.of(lesson), dict[int, str]()
    for step in lesson.steps:
        for _ in run.solving(step):
            pass
        for at, answer in run.current.answers.items():
            question = step.blocks[at]
            if isinstance(question, Predict) and answer.truth.value is not None:
                found[question.line] = answer_words(question, answer.truth.value)
        if not run.next():
            break
    return found


def answer_words(question: Predict, value: float) -> str:
    """An answer to a question, in words."""
    if question.kind == "choose":
        return question.options[int(value)].text.rstrip(".")
    return name(int(value)) if question.kind == "point" else f"{value:g}"
