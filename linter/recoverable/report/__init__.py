"""Reports: one small module a format, each a function from Report to text."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.check import Report
    from recoverable.report.options import Options

#: The formats there are, the first being the one for people.
FORMATS = ("text", "json", "sarif", "github", "html", "asff", "ocsf")


def render(name: str, report: Report, options: Options) -> str:
    """The document in the format of that name, ending in a newline. Raises ValueError for a name not in FORMATS.

    Only that format's module is imported.
    """
    match name:
        case "text":
            from recoverable.report import text as module  # noqa: PLC0415 (one format a run)

            return module.render(report, options)
        case "json":
            from recoverable.report import json  # noqa: PLC0415

            return json.render(report, options)
        case "sarif":
            from recoverable.report import sarif  # noqa: PLC0415

            return sarif.render(report, options)
        case "github":
            from recoverable.report import github  # noqa: PLC0415

            return github.render(report, options)
        case "html":
            from recoverable.report import html  # noqa: PLC0415

            return html.render(report, options)
        case "asff":
            from recoverable.report import asff  # noqa: PLC0415

            return asff.render(report, options)
        case "ocsf":
            from recoverable.report import ocsf  # noqa: PLC0415

            return ocsf.render(report, options)
    raise ValueError(f"no report format {name!r}; there are {', '.join(FORMATS)}")
