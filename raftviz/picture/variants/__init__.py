"""The variants to read: what each breaks, how one comes to break it, and what falls.

``words`` says what no code says; ``page`` puts it together with the stories and the sources of
``raft/variants``.
"""
