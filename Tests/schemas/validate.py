#!/usr/bin/env python3
"""Validates every manifest under the given directories against schemas/, as an editor would.

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


def validator(name):
    schema = json.loads((ROOT / "schemas" / name).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def check_schema_line(path, text, schema):
    """The line that tells an editor which schema holds names one that is there, and the right one."""
    line = re.search(r"^# yaml-language-server: \$schema=(.*)$", text, re.MULTILINE)
    if line is None:
        return [f"{path}: no '# yaml-language-server: $schema=' line"]
    if (path.parent / line[1].strip()).resolve() != ROOT / "schemas" / schema:
        return [f"{path}: its schema line names '{line[1]}', expected schemas/{schema}"]
    return []


def problems(path, all_validators):
    schema = "settings.schema.json" if path.name == "setpoint.yaml" else "setpoint.schema.json"
    text = path.read_text()
    found = check_schema_line(path, text, schema)
    for index, document in enumerate(yaml.load_all(text, CoreLoader)):
        if document is None:
            continue
        # The schema of all kinds, and that of the one kind, must agree.
        names = [schema]
        if isinstance(document, dict) and isinstance(document.get("kind"), str):
            names.append(f"{document['kind'].lower()}.schema.json")
        for name in names:
            for error in all_validators[name].iter_errors(document):
                where = "/".join(map(str, error.absolute_path))
                found.append(f"{path}: document {index + 1}: {where}: {error.message} ({name})")
    return found


def main(arguments):
    files = sorted(
        file
        for argument in arguments or [ROOT / "manifests"]
        for file in pathlib.Path(argument).rglob("*.yaml")
        if file.name != "prices.yaml"
    )
    if not files:
        print("no manifests found", file=sys.stderr)
        return 1
    names = [schema.name for schema in (ROOT / "schemas").glob("*.schema.json")]
    all_validators = {name: validator(name) for name in names}
    found = [problem for file in files for problem in problems(file, all_validators)]
    for problem in found:
        print(problem, file=sys.stderr)
    print(f"{len(files)} files against {len(names)} schemas: {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
