"""The package's version, and the versions of the protocol that it speaks."""

__version__ = "0.1.0"

PROTOCOLS = [1]
CLIENT = f"processtracker-python/{__version__}"
