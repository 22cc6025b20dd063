"""Two lines of events side by side: where they part, what differs later, and why.

Chance is keyed, so two futures of one past differ by what was done alone, and this can be told event
by event. ``content`` says when two events are the same, ``aligning`` and ``comparison`` pair them,
``fields`` and ``states`` compare states, ``causes`` walks from a difference back to the parting.
"""
