"""A plugin for mypy: what comes out of a cell of a table has the type of its column.

No checker knows that type. pandas-stubs answers with a union of some twenty, of which every use
violates one, or with `Hashable` for a key of a group: four fifths of all messages. Here both are
`Any`, so that what remains is worth reading.
"""

from collections.abc import Callable

from mypy.plugin import AttributeContext, MethodContext, Plugin
from mypy.type_visitor import TypeTranslator
from mypy.types import (
    AnyType,
    Instance,
    Type,
    TypeAliasType,
    TypeOfAny,
    UnionType,
    flatten_nested_unions,
    get_proper_type,
)

_MOST = 8  # members of a union that says something


class _Loosened(TypeTranslator):
    """Puts `Any` in place of what may be anything."""

    def visit_union_type(self, t: UnionType, /) -> Type:
        many = len(flatten_nested_unions(t.items)) > _MOST
        return AnyType(TypeOfAny.special_form) if many else super().visit_union_type(t)

    def visit_instance(self, t: Instance, /) -> Type:
        if t.type.fullname == "typing.Hashable":
            return AnyType(TypeOfAny.special_form)
        return super().visit_instance(t)

    def visit_type_alias_type(self, t: TypeAliasType, /) -> Type:
        return get_proper_type(t).accept(self)


def _of_method(context: MethodContext) -> Type:
    return context.default_return_type.accept(_Loosened())


def _of_field(_: AttributeContext) -> Type:
    return AnyType(TypeOfAny.special_form)


class Cells(Plugin):
    """Loosens what methods of pandas and fields of its rows return."""

    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        """Return what answers for the result of a method of pandas."""
        return _of_method if fullname.startswith("pandas.") else None

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        """Return what answers for a field of a row of ``itertuples``."""
        return _of_field if ".PandasNamedTuple." in fullname else None


def plugin(_version: str) -> type[Cells]:
    """Return the plugin, as mypy asks for it."""
    return Cells
