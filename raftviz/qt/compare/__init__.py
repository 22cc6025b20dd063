"""Two lines side by side in the window: a pane for each, what differs, and why.

``desk`` is what the window and the commands speak to; ``view`` puts the two ``pane``s and the lists
together; ``marks`` are the signs over the views of a pane.
"""
