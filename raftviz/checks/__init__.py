"""Raft's properties, watched as each event is appended (Figure 3)."""
