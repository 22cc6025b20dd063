"""raftviz: watch the Raft consensus algorithm work, break it, and see why it recovers."""

# The one place that knows the version: the build reads it here, without importing anything.
__version__ = "0.1.0"
