"""One open session: a history under somebody's hands, with everything they can do and undo.

``session`` looks, goes and acts; ``edits`` is what can be undone; ``branches`` and ``bookmarks`` are
what one does with branches and places.
"""
