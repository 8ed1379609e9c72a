"""Who holds a policy in one scenario, settling no more than the choices that those principals depend on."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Estate
    from recoverable.estate.documents import PolicyDocument
    from recoverable.estate.principals import Grant, Principal
    from recoverable.value import Entry


def holders_of(
    document: PolicyDocument, estate: Estate, use: str = "identity"
) -> tuple[tuple[Principal, Grant | None], ...]:
    """The principals that a document hangs on, each with how it does; of a trust policy, its role and nothing."""
    by_place = _by_place(estate)
    found: list[tuple[Principal, Grant | None]] = []
    for holder in document.holders:
        if holder.use not in (use, "trust"):
            continue
        # A module that several roots call makes principals that are called alike.
        for entry in by_place.get((holder.subject.path, holder.subject.address, holder.subject.kind), ()):
            principal = estate.principals.settle(entry)
            if principal is None:
                continue
            if holder.use == "trust":
                if principal.trust.known() == document.policy:
                    found.append((principal, None))
                continue
            grants = (each for each in principal.grants if each.document == document.key)
            grant = next((each for each in grants if each.through == holder.through), None)
            if grant is not None:
                found.append((principal, grant))
    return tuple(found)


def _by_place(estate: Estate) -> dict[tuple[str, str, str], list[Entry[Principal]]]:
    def make() -> dict[tuple[str, str, str], list[Entry[Principal]]]:
        index: dict[tuple[str, str, str], list[Entry[Principal]]] = {}
        for entry in estate.principals.entries:
            subjects = [variant.item.subject for variant in entry.variants if variant.item is not None]
            for place in dict.fromkeys((each.path, each.address, each.kind) for each in subjects):
                index.setdefault(place, []).append(entry)
        return index

    if estate.memo is None:
        return make()
    return estate.memo.of("principals by place", (estate.principals.entries,), make)
