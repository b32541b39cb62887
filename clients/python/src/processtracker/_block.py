"""Runs for with statements, and for functions."""

from __future__ import annotations

import functools
import inspect
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, Optional, Type, TypeVar

from ._run import Run

if TYPE_CHECKING:
    from typing_extensions import Concatenate, ParamSpec

    P = ParamSpec("P")

R = TypeVar("R")


class RunBlock:
    """A run that starts when the block is entered."""

    def __init__(self, start: Callable[[], Run], after: Callable[[Optional[BaseException]], None] = lambda _: None) -> None:
        self._start = start
        self._after = after
        self._run: Optional[Run] = None

    def __enter__(self) -> Run:
        if self._run is not None:
            raise RuntimeError("a run's block is entered once; call run() for each")
        self._run = self._start()
        return self._run

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], where: Optional[TracebackType]
    ) -> None:
        assert self._run is not None
        try:
            self._run.__exit__(kind, error, where)
        finally:
            self._after(error)

    async def __aenter__(self) -> Run:
        raise TypeError(_ASYNC)

    async def __aexit__(self, *args: object) -> None:
        raise TypeError(_ASYNC)


_ASYNC = (
    "a run's calls block, so it has no async form: write `with`, and from coroutines await asyncio.to_thread(run.claim, 10), "
    "or have the whole job in a function for asyncio.to_thread"
)


def decorator(block: Callable[[], RunBlock]) -> Callable[[Callable[Concatenate[Run, P], R]], Callable[P, R]]:
    def decorate(function: Callable[Concatenate[Run, P], R]) -> Callable[P, R]:
        if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
            raise TypeError(f"{function.__name__} is a coroutine function: {_ASYNC}")
        if inspect.isgeneratorfunction(function):
            raise TypeError(f"{function.__name__} is a generator, which would work after its run has ended; use `with` in it")

        @functools.wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            with block() as run:
                return function(run, *args, **kwargs)

        # Whoever looks at the function, Airflow or pytest say, sees what a caller gives.
        about: Any = call
        about.__signature__ = _without_first(inspect.signature(function))
        return call

    return decorate


def _without_first(signature: inspect.Signature) -> inspect.Signature:
    parameters = list(signature.parameters.values())
    if parameters and parameters[0].kind is not inspect.Parameter.VAR_POSITIONAL:
        parameters = parameters[1:]
    return signature.replace(parameters=parameters)
