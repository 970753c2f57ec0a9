"""How this package changes moto: by decorators that notice when a new moto no longer needs (or has) what they change."""

import functools
from collections.abc import Callable
from typing import Any


def adds(owner: type) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The function becomes a method of `owner`, which must not have one of its own: then the addition is out of date."""

    def put(function: Callable[..., Any]) -> Callable[..., Any]:
        if hasattr(owner, function.__name__):
            raise TypeError(f"moto has {owner.__name__}.{function.__name__} now: drop ours or wrap it")
        setattr(owner, function.__name__, function)
        return function

    return put


def wraps(owner: type) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The function takes the place of the method of the same name and gets the original as its first argument."""

    def put(function: Callable[..., Any]) -> Callable[..., Any]:
        original = getattr(owner, function.__name__)

        @functools.wraps(original)
        def method(self: Any, *args: Any, **kwargs: Any) -> Any:
            return function(original, self, *args, **kwargs)

        setattr(owner, function.__name__, method)
        return method

    return put


def wraps_static(owner: type) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """As `wraps`, for a static method: the function gets the original and the arguments."""

    def put(function: Callable[..., Any]) -> Callable[..., Any]:
        setattr(owner, function.__name__, staticmethod(functools.partial(function, getattr(owner, function.__name__))))
        return function

    return put


def wraps_property(owner: type) -> Callable[[Callable[..., Any]], property]:
    """As `wraps`, for a property: the function gets the original's getter and the instance."""

    def put(function: Callable[..., Any]) -> property:
        original = getattr(owner, function.__name__)
        changed = property(lambda self: function(original.fget, self), original.fset)
        setattr(owner, function.__name__, changed)
        return changed

    return put
