"""What each capability takes: which permissions on what, by each way of doing it. Data with a date and references.

The data is `data/required_permissions.json`; it rests on the DynamoDB and AWS Backup guides, the Service Authorization
Reference and AWS's own managed policies, which each mode names:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_IAM.html
"""

from __future__ import annotations

from recoverable.shipped import facts
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

#: What a need may be about: `on`.
TABLE, BACKUP, NEW_TABLE, POINT = "table", "backup", "new-table", "point"
VAULT, ANY_VAULT, PLAN, ROLE, BUCKET, ANYTHING = "vault", "any-vault", "plan", "role", "bucket", "anything"
TABLE_KEY, NEW_KEY, VAULT_KEY = "table-key", "new-key", "vault-key"
REPLICA, LEGAL_HOLD, FOREIGN_BUCKET = "replica", "legal-hold", "foreign-bucket"

CALLER = "caller"


class Need(NamedTuple):
    """Actions that must be allowed on something; of `any_of` needs one action is enough.

    `actor` is `caller`, or `role` for the role that AWS Backup takes on. `on` is what it is about: `table`, `backup`
    (one of DynamoDB's own), `new-table` (what is restored into), `point` (a recovery point), `vault`, `any-vault`,
    `plan`, `role`, `bucket`, `foreign-bucket` (of another account, by a name that no policy speaks of), `table-key`,
    `new-key`, `vault-key`, `replica` (the copy of a global table in another Region), `legal-hold` or `anything`. `when`
    names what must be so for it to be needed (`table-key`: the table has a customer managed key). `context` are
    condition keys that the request carries; `via` is the service of `kms:ViaService`. `forwarded`: a service makes the
    request for the caller. `strict`: only the Service Authorization Reference asks for it. `without` is what is taken
    to be gone by then. `sid` is what the statement is called that grants it.
    """

    actor: str
    actions: tuple[str, ...]
    on: str
    any_of: bool = False
    when: str = ""
    context: tuple[tuple[str, str], ...] = ()
    via: str = ""
    forwarded: bool = False
    strict: bool = False
    without: str = ""
    sid: str = ""


class Mode(NamedTuple):
    """One way to do something. `given` names what must be so for there to be this way at all.

    `certainty` says what the needs rest on, `references` where that is written, `notes` what else matters.
    """

    name: str
    says: str
    needs: tuple[Need, ...]
    given: tuple[str, ...]
    certainty: str
    references: tuple[str, ...]
    notes: str


class Capability(NamedTuple):
    """Something that can be done to a table or its backups; whoever has one of its `modes` can do it."""

    name: str
    says: str
    modes: tuple[Mode, ...]

    def mode(self, name: str) -> Mode | None:
        return next((mode for mode in self.modes if mode.name == name), None)


class Requirements(NamedTuple):
    """All capabilities by name, and the date of what is known of them."""

    date: str
    capabilities: dict[str, Capability]


#: The names, in the order of reports; they stand here so that a command line can be read without the data.
CAPABILITIES = (
    "back-up", "restore", "copy-away", "destroy-backups", "disable-protection", "destroy-table",
    "read-through-restore", "export",
)  # fmt: skip


def requirements() -> Requirements:
    """What each capability takes."""
    data = facts("required_permissions.json")
    written = data["capabilities"]
    return Requirements(data["date"], {name: _capability(name, written[name]) for name in CAPABILITIES})


def _capability(name: str, data: Mapping[str, object]) -> Capability:
    modes = data["modes"]
    assert isinstance(modes, dict)
    return Capability(name, str(data["says"]), tuple(_mode(key, value) for key, value in modes.items()))


def _mode(name: str, data: Mapping[str, list[object]]) -> Mode:
    return Mode(
        name,
        str(data["says"]),
        tuple(_need(need) for need in data["needs"] if isinstance(need, dict)),
        tuple(map(str, data.get("given", ()))),
        str(data["certainty"]),
        tuple(map(str, data["references"])),
        str(data.get("notes", "")),
    )


def _need(data: dict[str, object]) -> Need:
    actions, context = data["actions"], data.get("with", {})
    assert isinstance(actions, list)
    assert isinstance(context, dict)
    return Need(
        actor=str(data.get("actor", CALLER)),
        actions=tuple(map(str, actions)),
        on=str(data["on"]),
        any_of=bool(data.get("any", False)),
        when=str(data.get("when", "")),
        context=tuple((str(key), str(value)) for key, value in context.items()),
        via=str(data.get("via", "")),
        forwarded=bool(data.get("forwarded", False)) or bool(data.get("via")),
        strict=bool(data.get("strict", False)),
        without=str(data.get("without", "")),
        sid=str(data["sid"]),
    )
