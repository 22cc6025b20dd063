"""Lessons: files that teachers write, as values. No Qt, and no session.

``lesson`` says what there is, ``reading`` makes it from a file, ``prose`` says what its words may be,
``lookahead`` asks the model what will happen. A lesson under a student's hands is a session's business.
"""
