"""Quick dataclasses do what the standard ones do."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Any

import pytest

from pixi_jupyter import values

STANDARD = dataclasses.dataclass


def classes(decorator: Any) -> tuple[Any, Any]:
    """Define two classes, one of which inherits, with one of the decorators."""

    @decorator(frozen=True, slots=True)
    class Base:
        """A base."""

        name: str
        size: int = 0
        seen: list[str] = dataclasses.field(default_factory=list, compare=False)
        secret: str = dataclasses.field(default="", repr=False, kw_only=True)

        @property
        def twice(self) -> int:
            return 2 * self.size

    @decorator(frozen=True, slots=True, kw_only=True)
    class Derived(Base):
        """Derived."""

        more: tuple[str, ...] = ()
        needed: str

    return Base, Derived


PAIRS = list(zip(classes(values.dataclass), classes(STANDARD), strict=True))
CALLS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((), {}),
    (("a",), {}),
    (("a", 1), {}),
    (("a", 1, ["x"]), {"secret": "s"}),
    (("a", 1, ["x"], "s"), {}),
    (("a",), {"name": "b"}),
    (("a",), {"unknown": 1}),
    (("a",), {"needed": "n", "more": ("m",)}),
    ((), {"name": "a", "needed": "n", "secret": "s"}),
    (("b",), {"needed": "n", "size": 3}),
    (("a", 2), {"needed": "n"}),
]


def made(kind: Any, args: tuple[Any, ...], given: dict[str, Any]) -> Any:
    """Give an instance, or the exception's class."""
    try:
        return kind(*args, **given)
    except TypeError as error:
        return type(error)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=["base", "derived"])
def test_it_takes_what_the_standard_one_takes(ours: Any, theirs: Any) -> None:
    for args, given in CALLS:
        one, other = made(ours, args, given), made(theirs, args, given)
        if isinstance(other, type):
            assert one is other
        else:
            assert dataclasses.asdict(one) == dataclasses.asdict(other)
            assert repr(one) == repr(other)
            assert hash(one) == hash(other)
            assert one.twice == other.twice


@pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=["base", "derived"])
def test_it_compares_as_the_standard_one(ours: Any, theirs: Any) -> None:
    def pairs(kind: Any) -> list[tuple[bool, bool]]:
        found = [made(kind, args, given) for args, given in CALLS]
        known = [each for each in found if not isinstance(each, type)]
        return [(one == other, one != other) for one in known for other in known]

    assert pairs(ours) == pairs(theirs)
    assert len(set(pairs(ours))) == 2


def test_classes_of_equal_fields_are_not_equal() -> None:
    base, _ = classes(values.dataclass)
    other, _ = classes(values.dataclass)

    assert base("a") != other("a")


def test_a_default_is_made_for_each() -> None:
    base, _ = classes(values.dataclass)

    base("a").seen.append("x")

    assert base("a").seen == []


def test_nothing_can_be_set_or_deleted() -> None:
    base, _ = classes(values.dataclass)
    one = base("a")

    with pytest.raises(dataclasses.FrozenInstanceError, match="'name'"):
        one.name = "b"
    with pytest.raises(dataclasses.FrozenInstanceError, match="'name'"):
        del one.name
    with pytest.raises((AttributeError, TypeError)):
        one.other = 1

    assert one.name == "a"
    assert not hasattr(one, "__dict__")


def test_it_says_what_is_missing_and_what_is_too_much() -> None:
    _, derived = classes(values.dataclass)

    with pytest.raises(TypeError, match="missing 2 required arguments: 'name', 'need"):
        derived()
    with pytest.raises(TypeError, match="unexpected keyword argument 'unknown'"):
        derived("a", needed="n", unknown=1)


def test_it_is_replaced_copied_and_matched() -> None:
    base, _ = classes(values.dataclass)
    one = base("a", 1, secret="s")  # noqa: S106  no password

    changed = dataclasses.replace(one, size=2)

    assert (changed.size, changed.secret) == (2, "s")
    assert copy.copy(one) == copy.deepcopy(one) == one
    match one:
        case base(name, size):
            assert (name, size) == ("a", 1)
        case _:
            pytest.fail("it does not match its own class")


@values.dataclass(frozen=True, slots=True)
class Found:
    """At the top of a module, where pickle finds it."""

    name: str
    seen: tuple[str, ...] = ()


def test_it_survives_pickling() -> None:
    one = Found("a", ("b",))

    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301  our own


@pytest.mark.parametrize("first", [STANDARD, values.dataclass], ids=["std", "ours"])
def test_a_class_inherits_from_one_of_the_other_decorator(first: Any) -> None:
    second = values.dataclass if first is STANDARD else STANDARD

    @first(frozen=True, slots=True, kw_only=True)
    class Base:
        """A base."""

        name: str

    @second(frozen=True, slots=True, kw_only=True)
    class Inherits(Base):
        """Derived."""

        size: int = 1

    derived: Any = Inherits

    assert dataclasses.asdict(derived(name="a")) == {"name": "a", "size": 1}
    assert derived(name="a") == derived(name="a")
    with pytest.raises(dataclasses.FrozenInstanceError):
        derived(name="a").name = "b"


def test_what_has_methods_of_its_own_gets_the_standard_ones() -> None:
    @values.dataclass(frozen=True, slots=True)
    class Checked:
        """Looks at what it gets."""

        size: int

        def __post_init__(self) -> None:
            if self.size < 0:
                msg = "less than nothing"
                raise ValueError(msg)

    assert Checked(1).size == 1
    with pytest.raises(ValueError, match="less than nothing"):
        Checked(-1)
