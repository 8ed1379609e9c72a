"""How the layers add up to a grant: once, for single requests and for whole matrices of them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from __future__ import annotations

from recoverable.typed import Generic, NamedTuple, Protocol, TypeVar


class Kleene(Protocol):
    """Something with three answers, or many such side by side."""

    def __and__(self: K, other: K, /) -> K: ...
    def __or__(self: K, other: K, /) -> K: ...
    def __invert__(self: K, /) -> K: ...


K = TypeVar("K", bound=Kleene)


class Voices(NamedTuple, Generic[K]):
    """What the layers allow. `limits` is what boundary and session policy leave; `itself`, `role` and `account` what
    the resource's policy allows, by how it names the caller; `same`: caller and resource are of one account; `across`:
    the service lets other accounts in at all; `free`: an identity policy is enough within an account."""

    identity: K
    limits: K
    itself: K
    role: K
    account: K
    same: K
    across: K
    free: K


def delegated(voices: Voices[K]) -> K:
    """Whether the resource's policy allows the caller, or its account to decide."""
    return voices.itself | voices.role | voices.account


def granted(voices: Voices[K]) -> K:
    """Whether anything allows the request, guards and denials apart.

    A boundary limits what a resource's policy allows to a role, not what it allows to a user or a session:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-eval-logic
    """
    own = voices.identity & voices.limits
    let_in = delegated(voices)
    named = voices.itself | (voices.role & voices.limits)
    inside = named | (own & (let_in | voices.free))
    outside = own & let_in & voices.across
    # The last part makes it certain where both are and only the account is not known.
    return (voices.same & inside) | (~voices.same & outside) | (inside & outside)
