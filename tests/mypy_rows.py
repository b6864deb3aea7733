"""A plugin for mypy: what comes out of a cell of a table has the type of its column.

No checker knows that type. pandas-stubs answers with a union of some twenty, of which every use
violates one, or with `Hashable` for a key of a group: four fifths of all messages. Here both are
`Any`, so that what remains is worth reading.
"""

from collections.abc import Callable

from mypy.plugin import AttributeContext, MethodContext, Plugin
from mypy.type_visitor import TypeTranslator
from mypy.types import AnyType, Instance, Type, TypeOfAny, UnionType

_MOST = 8  # members of a union that says something


class _Loosened(TypeTranslator):
    """Puts `Any` in place of what may be anything."""

    def visit_union_type(self, t: UnionType, /) -> Type:
        return AnyType(TypeOfAny.special_form) if len(t.items) > _MOST else t

    def visit_instance(self, t: Instance, /) -> Type:
        if t.type.fullname == "typing.Hashable":
            return AnyType(TypeOfAny.special_form)
        return super().visit_instance(t)

    def visit_type_alias_type(self, t, /) -> Type:  # type: ignore[no-untyped-def]
        from mypy.types import get_proper_type

        return get_proper_type(t).accept(self)


def _of_method(context: MethodContext) -> Type:
    return context.default_return_type.accept(_Loosened())


def _of_attribute(context: AttributeContext) -> Type:
    return context.default_attr_type.accept(_Loosened())


class Cells(Plugin):
    """Loosens what methods and rows of pandas return."""

    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        """Return what answers for the result of a method of pandas."""
        return _of_method if fullname.startswith("pandas.") else None

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        """Return what answers for a field of a row of ``itertuples``."""
        return _of_attribute if ".PandasNamedTuple." in fullname else None


def plugin(_version: str) -> type[Cells]:
    """Return the plugin, as mypy asks for it."""
    return Cells
