"""`__main__` in a judge: what `unittest.main()` and `patch("__main__.f")` look into is the tests' namespace."""

import types
from typing import Any

from autograder.judge.namespace import TestNamespace


class MainModule(types.ModuleType):
    """A module whose names are those of the tests and of the student's side."""

    def __init__(self, namespace: TestNamespace) -> None:
        super().__init__("__main__")
        self.__dict__["__names__"] = namespace

    def __getattr__(self, name: str) -> Any:
        """Return what a name holds."""
        try:
            return self.__dict__["__names__"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        """Bind a name, as a test would."""
        self.__dict__["__names__"][name] = value

    def __delattr__(self, name: str) -> None:
        """Delete a name, as a test would."""
        try:
            del self.__dict__["__names__"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __dir__(self) -> list[str]:
        """Return every name."""
        return list(self.__dict__["__names__"].keys())
