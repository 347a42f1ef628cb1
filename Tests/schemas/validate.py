#!/usr/bin/env python3
"""validate.py [MANIFESTS [SCHEMAS [DOCUMENTS...]]]: validates every manifest as an editor would, and
every JSON document (plans, snapshots) of the directories that follow.

Needs jsonschema and PyYAML. Plain scalars get the types of YAML 1.2's core schema, which is what
editors use; PyYAML's own are those of 1.1. Prints each problem and exits with 1 if there is any.
"""

import json
import pathlib
import re
import sys

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]


class CoreLoader(yaml.SafeLoader):
    """YAML 1.2's core schema."""


CoreLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        "-+.0123456789",
    ),
]:
    CoreLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first)
    )


def validator(path):
    schema = json.loads(path.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def check_schema_line(path, text, schema, schemas):
    """The line that tells an editor which schema holds names one that is there, and the right one."""
    line = re.search(r"^# yaml-language-server: \$schema=(.*)$", text, re.MULTILINE)
    if line is None:
        return [f"{path}: no '# yaml-language-server: $schema=' line"]
    if (path.parent / line[1].strip()).resolve() != (schemas / schema).resolve():
        return [f"{path}: its schema line names '{line[1]}', expected schemas/{schema}"]
    return []


def names_of(path, document):
    """The schemas of a document; that of all kinds and that of the one kind must agree."""
    kind = document.get("kind") if isinstance(document, dict) else None
    if path.name == "setpoint.yaml":
        return ["settings.schema.json"]
    if kind == "PriceFile":
        return ["pricefile.schema.json"]
    own = [f"{kind.lower()}.schema.json"] if isinstance(kind, str) else []
    return ["setpoint.schema.json"] + own


def refuses_misspelt(validator, document):
    """Whether a field that there is none of is refused wherever fields stand."""
    broken = json.loads(json.dumps(document))
    (broken.get("spec") if isinstance(broken.get("spec"), dict) else broken)["xyzzy"] = 1
    return not validator.is_valid(broken)


def problems(path, schemas, all_validators):
    text = path.read_text()
    found = []
    for index, document in enumerate(yaml.load_all(text, CoreLoader)):
        if document is None:
            continue
        names = names_of(path, document)
        if index == 0:
            found += check_schema_line(path, text, names[0], schemas)
        for name in names:
            if isinstance(document, dict) and not refuses_misspelt(all_validators[name], document):
                found.append(f"{path}: document {index + 1}: {name} takes any field")
            for error in all_validators[name].iter_errors(document):
                where = "/".join(map(str, error.absolute_path))
                found.append(f"{path}: document {index + 1}: {where}: {error.message} ({name})")
    return found


def shape(value):
    """A value without its scalars: the names of its members, and what they and its elements look like."""
    if isinstance(value, dict):
        return tuple(sorted((name, shape(member)) for name, member in value.items()))
    if isinstance(value, list):
        return tuple(sorted({shape(element) for element in value}, key=repr))
    return type(value).__name__


def strays(document, where=""):
    """Every place of a document where a member that nobody reads could hide; of the elements of a list
    that have the same members, the first."""
    if isinstance(document, dict):
        yield where, document
    if isinstance(document, list):
        document = list({shape(element): element for element in reversed(document)}.values())
    for name, value in document.items() if isinstance(document, dict) else enumerate(document):
        if isinstance(value, (dict, list)):
            yield from strays(value, f"{where}/{name}")


def document_problems(path, all_validators):
    """A document is right, and none of its objects takes a member that its schema does not know."""
    document = json.loads(path.read_text())
    name = f"{document.get('kind')}.schema.json"
    if name not in all_validators:
        return [f"{path}: there is no {name}"]
    found = []
    for error in all_validators[name].iter_errors(document):
        where = "/".join(map(str, error.absolute_path))
        found.append(f"{path}: {where}: {error.message} ({name})")
    for where, place in strays(document):
        place["xyzzy"] = 1
        if all_validators[name].is_valid(document):
            found.append(f"{path}: {where or '/'} takes any member ({name})")
        del place["xyzzy"]
    return found


def main(arguments):
    manifests = pathlib.Path(arguments[0]) if arguments else ROOT / "manifests"
    schemas = pathlib.Path(arguments[1]) if len(arguments) > 1 else ROOT / "schemas"
    files = sorted(manifests.rglob("*.yaml"))
    all_validators = {path.name: validator(path) for path in schemas.glob("*.schema.json")}
    if not files or not all_validators:
        print(f"nothing to validate in {manifests}, or no schemas in {schemas}", file=sys.stderr)
        return 1
    found = [problem for file in files for problem in problems(file, schemas, all_validators)]
    for directory in map(pathlib.Path, arguments[2:]):
        documents = sorted(directory.glob("*.json"))
        if not documents:
            found.append(f"no documents in {directory}")
        for file in documents:
            found += document_problems(file, all_validators)
        files += documents
    for problem in found:
        print(problem, file=sys.stderr)
    print(f"{len(files)} files against {len(all_validators)} schemas: {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
