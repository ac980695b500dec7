"""The small language of templates: values, `if`, `for` and a few filters. Whoever writes one can show, not compute.

Only this module imports jinja2, and `models` imports it when a text is made.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from gca_tui.domain.commands.explanation import SECTION_LIMIT
from gca_tui.domain.french import typeset
from gca_tui.errors import InputError

try:
    import jinja2
    from jinja2 import nodes
    from jinja2.filters import FILTERS
    from jinja2.runtime import LoopContext
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from jinja2.tests import TESTS
except ImportError as error:
    raise InputError(
        "Les modèles de lettres ne se lisent pas : jinja2 n’est pas installé.",
        "Rien n’est perdu.",
        "Écrivez le texte vous-même et prévenez l’administrateur.",
    ) from error

_NODES = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Name, nodes.Const),
    *(nodes.Getattr, nodes.Getitem, nodes.CondExpr, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand),
    *(nodes.And, nodes.Or, nodes.Not, nodes.Keyword, nodes.Tuple),
)
_LOOPS = 3
"""Loops inside one another, at most: a trop-perçu, its months, and one to spare."""
_TURNS = 100_000
"""Turns of all the loops of a template, at most: ten times those of a letter of sixty trop-perçus of sixty months."""
_EACH = "_each"
_LOOP_FIELDS = ("first", "last", "index")
_TEMPLATE = "<modèle>"


class TemplateRefused(Exception):
    """A template that cannot be used. `what` is French; `line` is 0 when it is not known."""

    def __init__(self, what: str, line: int = 0) -> None:
        super().__init__(what)
        self.what = what
        self.line = line


def compiled(source: str, names: Collection[str]) -> jinja2.Template:
    """The template, with no-break spaces in its sentences. Raises TemplateRefused; `names` are those it may use."""
    environment = _environment()
    try:
        tree = environment.parse(source)
        _examine(tree, names)
        for data in tree.find_all(nodes.TemplateData):
            data.data = typeset(data.data)
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, _EACH, [], [], None, None, lineno=loop.lineno)
        code = environment.compile(tree, filename=_TEMPLATE)
    except jinja2.TemplateSyntaxError as error:
        raise TemplateRefused("une balise, une accolade ou un filtre n’est pas compris", error.lineno) from error
    except RecursionError as error:
        raise TemplateRefused("les balises sont trop imbriquées") from error
    return environment.template_class.from_code(environment, code, environment.make_globals(None))


def rendered(template: jinja2.Template, values: Mapping[str, Any]) -> str:
    """The text it makes. Raises TemplateRefused on an unknown name or a text too long to be a section."""
    made: list[str] = []
    length = 0
    template.environment.turns = 0  # type: ignore[attr-defined]  # ours
    try:
        for piece in template.generate(values):
            length += len(piece)
            if length > SECTION_LIMIT:
                raise TemplateRefused(f"le texte dépasse {SECTION_LIMIT} caractères")
            made.append(piece)
    except (jinja2.TemplateError, TypeError, ValueError, LookupError, RecursionError) as error:
        raise TemplateRefused(_said(error), _line(error)) from error
    return "".join(made)


class _Environment(ImmutableSandboxedEnvironment):
    """Values are mappings, sequences and texts: nothing else of an object can be reached."""

    turns = 0

    def each(self, items: Iterable[object]) -> Iterator[object]:
        """What a loop goes through, as long as its template has turns left."""
        for item in items:
            self.turns += 1
            if self.turns > _TURNS:
                raise TemplateRefused(f"ses boucles font plus de {_TURNS} tours")
            yield item

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A field of a mapping, or where a loop is."""
        if isinstance(obj, LoopContext) and attribute in _LOOP_FIELDS:
            return getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """A field of a mapping, an item of a sequence."""
        if isinstance(obj, Mapping) and argument in obj:
            return obj[argument]
        if isinstance(obj, Sequence) and isinstance(argument, int) and -len(obj) <= argument < len(obj):
            return obj[argument]
        raise jinja2.UndefinedError(str(argument))


def _environment() -> _Environment:
    environment = _Environment(undefined=jinja2.StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)
    environment.globals.clear()
    environment.filters = {name: FILTERS[name] for name in ("length", "first", "last", "upper", "lower", "capitalize")}
    environment.filters |= {"join": _join, _EACH: environment.each}
    environment.tests = {name: TESTS[name] for name in ("defined", "none")}
    return environment


def _join(items: Iterable[object], between: str = "") -> str:
    """As jinja's own, with an end: joins inside joins would grow without any."""
    text = str(between).join(map(str, items))
    if len(text) > SECTION_LIMIT:
        raise TemplateRefused(f"le texte dépasse {SECTION_LIMIT} caractères")
    return text


def _examine(tree: nodes.Template, names: Collection[str]) -> None:
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _NODES):
            raise TemplateRefused("un modèle ne peut contenir que des valeurs, des « if » et des « for »", node.lineno)
    _count_loops(tree, 0)
    given = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "store"} | {"loop", *names}
    for node in tree.find_all(nodes.Name):
        if node.name not in given:
            raise TemplateRefused(f"« {node.name} » n’existe pas", node.lineno)


def _count_loops(node: nodes.Node, depth: int) -> None:
    depth += isinstance(node, nodes.For)
    if depth > _LOOPS:
        raise TemplateRefused(f"pas plus de {_LOOPS} boucles l’une dans l’autre", node.lineno)
    for child in node.iter_child_nodes():
        _count_loops(child, depth)


def _said(error: Exception) -> str:
    if isinstance(error, jinja2.UndefinedError):
        return f"« {error.message} » n’existe pas"
    return "une valeur n’est pas employée comme elle peut l’être"


def _line(error: Exception) -> int:
    """The line of the template where it went wrong."""
    trace, line = error.__traceback__, 0
    while trace:
        if trace.tb_frame.f_code.co_filename == _TEMPLATE:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
