"""Which resource of a template or configuration a thing of an account was made from, so that findings get a line.

What tells is, in this order: the tags that CloudFormation puts on what it makes, the name, and the name that
CloudFormation makes up from a logical id. Where more than one resource may be meant, none is.
"""

from __future__ import annotations

import re

from recoverable.source import Span
from recoverable.truth import Fact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverable.check import Report
    from recoverable.estate import Estate, Subject
    from recoverable.estate.tables import Tags
    from recoverable.rule import Finding

#: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
_LOGICAL_ID = "aws:cloudformation:logical-id"

#: The random part that CloudFormation puts behind a logical id: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
_MADE_UP = re.compile(r"-(?P<id>[A-Za-z0-9]+)-[A-Z0-9]{6,}$")

#: Kinds that are parts of another thing, which stands under the same address.
_PARTS = ("plan-rule", "copy-action", "selection", "restore-test-selection")

_LISTINGS = (
    "tables", "replicas", "keys", "vaults", "plans", "plan_rules", "copy_actions", "selections", "restore_test_plans",
    "restore_test_selections", "region_settings",
)  # fmt: skip


def located(report: Report, account: Estate, files: Estate, judged: Report) -> Report:
    """The report on accounts, its findings pointing into files where what they are about is declared.

    `account` is the estate of the report; `files` that of templates and configurations, `judged` what the same rules
    say of it. Fingerprints stay: they are about the thing in the account.
    """
    twins = _Twins(account, files)
    places = {
        (finding.rule.name, finding.subject.path, finding.subject.address, finding.subject.part): finding
        for finding in (*judged.undetermined, *judged.findings)
    }
    asked = {rule.name for rule in judged.rules}

    def place(finding: Finding) -> Finding:
        twin = twins.of(finding.subject)
        if twin is None:
            return finding
        same = places.get((finding.rule.name, twin.path, twin.address, twin.part))
        origin = same.origin if same is not None and isinstance(same.origin, Span) else twin.origin
        if not isinstance(origin, Span):
            return finding
        said = f"it is declared as {twin.title()}"
        if same is None and finding.rule.name in asked:
            said = f"{said}, of which that does not hold: what is deployed is something else"
        return finding._replace(origin=origin, facts=(Fact(said, origin), *finding.facts))

    return report._replace(
        findings=tuple(map(place, report.findings)),
        undetermined=tuple(map(place, report.undetermined)),
        accepted=tuple(map(place, report.accepted)),
        exempt=tuple(map(place, report.exempt)),
        sources={**(judged.sources or {}), **(report.sources or {})},
    )


class _Twins:
    """The things of files by what they are called, and the tags of those of accounts."""

    def __init__(self, account: Estate, files: Estate) -> None:
        self._tags: dict[str, Tags] = {}
        for listing in (account.tables, account.replicas):
            for entry in listing.entries:
                for _, item in entry.variants:
                    if item is not None:
                        self._tags[item.subject.address] = item.tags
        self._names: dict[str, str] = {}
        for subject in _subjects(account):
            if subject.kind not in _PARTS:
                self._names[subject.address] = subject.name.known() or ""
        self._by_name: dict[tuple[str, str], dict[tuple[str, str, str], Subject]] = {}
        self._by_logical_id: dict[tuple[str, str], dict[tuple[str, str, str], Subject]] = {}
        self._parts: dict[tuple[str, str, str, str], Subject] = {}
        for subject in _subjects(files):
            key = (subject.path, subject.address, subject.part)
            kind = _family(subject.kind)
            name = subject.name.known()
            if name:
                self._by_name.setdefault((kind, name), {})[key] = subject
            self._by_logical_id.setdefault((kind, subject.address.rpartition("/")[2]), {})[key] = subject
            self._parts[subject.kind, *key] = subject

    def of(self, subject: Subject) -> Subject | None:
        """The one resource that a thing of an account was made from; None if there is none, or more than one."""
        if subject.path:
            return None
        if subject.kind in ("plan-rule", "copy-action"):
            plan = self._one("plan", self._names.get(subject.address, ""), "", subject.region.known())
            return None if plan is None else self._part(subject, plan)
        tags = self._tags.get(subject.address)
        tagged = tags.get(_LOGICAL_ID) if tags is not None else None
        logical_id = (tagged.known() if tagged is not None else None) or ""
        name = subject.name.known() or ""
        made_up = _MADE_UP.search(name)
        return self._one(
            _family(subject.kind), name, logical_id or (made_up["id"] if made_up else ""), subject.region.known()
        )

    def _part(self, subject: Subject, plan: Subject) -> Subject | None:
        found = self._parts.get((subject.kind, plan.path, plan.address, subject.part))
        if found is not None or not plan.part:
            return found
        # Plans of an organization are parts of their policy themselves.
        return self._parts.get((subject.kind, plan.path, plan.address, f"{plan.part} {subject.part}"))

    def _one(self, kind: str, name: str, logical_id: str, region: str | None) -> Subject | None:
        for found in (self._by_logical_id.get((kind, logical_id)), self._by_name.get((kind, name))):
            near = [one for one in (found or {}).values() if one.region.known() in (None, region)]
            exact = [one for one in near if one.region.known() == region]
            if len(exact or near) == 1 and (logical_id or name):
                return (exact or near)[0]
        return None


def _family(kind: str) -> str:
    """What may be one thing under two names: which copy of a global table is a replica is a matter of words."""
    return "table" if kind == "replica" else kind


def _subjects(estate: Estate) -> Iterator[Subject]:
    for name in _LISTINGS:
        entries: Iterable[object] = getattr(estate, name).entries
        for entry in entries:
            for variant in entry.variants:  # type: ignore[attr-defined]
                if variant.item is not None:
                    yield variant.item.subject
