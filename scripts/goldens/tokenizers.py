#!/usr/bin/env python3
"""Makes Tests/Goldens/tokenizers from the reference fixtures: python3 scripts/goldens/tokenizers.py ../shared/fixtures

Keeps the tokenizers and every case whose ids are few; the fixtures' README says what the columns are."""
import json
import pathlib
import shutil
import sys

source = pathlib.Path(sys.argv[1]) / "tokenizers"
target = pathlib.Path(__file__).resolve().parents[2] / "Tests/Goldens/tokenizers"
columns = ["clip_bang", "clip_eot", "openai_simple", "min_dalle", "bart"]

for folder in ["clip-pad-bang", "clip-pad-eot", "bart"]:
    (target / folder).mkdir(parents=True, exist_ok=True)
    for file in (source / folder).iterdir():
        shutil.copyfile(file, target / folder / file.name)
recorded = json.loads((source / "cases.json").read_text())
kept = [case for case in recorded["cases"] if max(len(case[column]) for column in columns) <= 40]
lines = ",\n".join(json.dumps(case, ensure_ascii=True, separators=(",", ":")) for case in kept)
(target / "cases.json").write_text('{"cases": [\n' + lines + "\n]}\n")
print(len(kept), "of", len(recorded["cases"]), "cases")
