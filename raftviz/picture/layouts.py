"""The names of the window's layouts: to explore, to follow a lesson, to show to a hall."""

EXPLORE, LESSON, PRESENTER = "explore", "lesson", "presenter"
LAYOUTS = (EXPLORE, LESSON, PRESENTER)
"""All of them, in the order of their keys."""
