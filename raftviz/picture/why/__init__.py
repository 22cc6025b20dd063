"""Why something happened, and what came of it: the history as a path one can walk.

``threads`` reads each record once and keeps what later events will be traced to; ``links`` say what
led to an event, ``explain`` makes a page of it, and ``walk`` remembers the way somebody took.
"""
