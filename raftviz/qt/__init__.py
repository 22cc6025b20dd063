"""The window: the only Qt in the house. Views paint what they are given and emit acts."""
