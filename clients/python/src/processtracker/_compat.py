"""The classes of the older Python implementation, over this one's rules."""

from __future__ import annotations


class ProcessTracker:
    pass


class ExtractTracker:
    pass


class LocationTracker:
    pass
