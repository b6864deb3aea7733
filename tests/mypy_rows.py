"""A plugin for mypy: a field of a row of ``itertuples`` has the type of its column.

No checker knows that type. pandas-stubs answers with a union of some twenty, of which every use
violates one: two thirds of all messages. Here such a field is `Any`, so that what remains is worth
reading.
"""

from collections.abc import Callable

from mypy.plugin import AttributeContext, Plugin
from mypy.types import AnyType, Type, TypeOfAny


def _any(_: AttributeContext) -> Type:
    return AnyType(TypeOfAny.special_form)


class Rows(Plugin):
    """Gives `Any` for the fields of a row."""

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        """Return what answers for an attribute, where it is a row's."""
        return _any if ".PandasNamedTuple." in fullname else None


def plugin(_version: str) -> type[Rows]:
    """Return the plugin, as mypy asks for it."""
    return Rows
