"""What is known of popular modules that are not installed: the inputs that matter, their defaults, and what they make.

They are written in the words of Terraform (`data/terraform_modules/`), so that they are read like the modules.
"""

from __future__ import annotations

import os
import re

from recoverable.read.hcl.scan import read_hcl
from recoverable.read.terraform.configuration import together

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.terraform.configuration import Module

#: The file of each module, by its name in the registry.
_FILES = {
    "terraform-aws-modules/dynamodb-table/aws": "terraform-aws-modules_dynamodb-table",
    "terraform-aws-modules/dynamodb-table/aws//wrappers": "terraform-aws-modules_dynamodb-table_wrappers",
    "cloudposse/dynamodb/aws": "cloudposse_dynamodb",
    "cloudposse/backup/aws": "cloudposse_backup",
    "cloudposse/label/null": "cloudposse_label_null",
    "lgallard/backup/aws": "lgallard_backup",
}

_REGISTRIES = ("registry.terraform.io", "registry.opentofu.org")

# git::https://github.com/owner/terraform-aws-name.git//folder?ref=v1, and what Terraform takes for short.
_GITHUB = (
    r"(?:git::)?(?:(?:https|http|ssh|git)://)?(?:[\w.-]+@)?(?:www\.)?github\.com[/:]([\w.-]+)/([\w.-]+?)(?:\.git)?"
)


def registry_name(source: str) -> str:
    """What a module is called in the registry, with the folder behind `//` if there is one; empty for other places.

    A repository of GitHub is called `terraform-PROVIDER-NAME` there.
    https://developer.hashicorp.com/terraform/language/modules/sources
    """
    source = source.partition("?")[0].strip()
    scheme, separator, rest = source.partition("://")
    address, _, folder = rest.partition("//") if separator else source.partition("//")
    address = f"{scheme}{separator}{address}" if separator else address
    below = f"//{folder.strip('/')}" if folder.strip("/") else ""
    found = re.fullmatch(_GITHUB, address)
    if found is not None:
        owner, repository = found[1].lower(), found[2].lower()
        parts = repository.split("-", 2)
        return f"{owner}/{parts[2]}/{parts[1]}{below}" if len(parts) == 3 and parts[0] == "terraform" else ""
    names = address.split("/")
    if len(names) == 4 and names[0] in _REGISTRIES:
        del names[0]
    plain = len(names) == 3 and all(re.fullmatch(r"[\w-]+", name) for name in names)
    return f"{'/'.join(names)}{below}" if plain else ""


def summary_of(source: str) -> Module | None:
    """What is known of a module, by its source as a call gives it; None if nothing is."""
    name = _FILES.get(registry_name(source))
    if name is None:
        return None
    package = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120
    with open(f"{package}/data/terraform_modules/{name}.tf", encoding="utf-8") as file:  # noqa: PTH123
        text = file.read()
    return together(f"{source} (not installed)", [(source, read_hcl(text, source, []))])
