"""Quality against effort: evaluates a model with each solver, number of steps, guidance scale and
number of candidates, and prints a table.

    python3 Benchmarks/quality/curve.py limn-mini --data packs/emoji --judge runs/judge/model --out runs/curve

Each point is one `limn evaluate` with the same captions and seeds, in a folder of its own under OUT: what was stopped goes
on, and what is there is not drawn again. The presets of a model are chosen from such a table.
"""

import argparse
import itertools
import json
import pathlib
import subprocess


def evaluate(options, solver, steps, guidance, candidates):
    folder = options.out / f"{solver}-{steps}-{guidance}-{candidates}"
    command = [
        options.limn, "evaluate", options.model, "--data", options.data, "--judge", options.judge, "--out", str(folder),
        "-n", str(options.captions), "--colours", "0", "--grounds", "0", "--scenes", str(options.scenes), "--quiet",
        "--solver", solver, "--steps", str(steps), "--guidance", str(guidance),
        "--candidates", str(candidates)]
    if not (folder / "report.json").exists():
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    report = json.loads((folder / "report.json").read_text())
    tables = {table["name"]: table for table in report["tables"]}

    def figure(table, column=0):
        rows = {row["label"]: row["values"] for row in tables[table]["rows"]} if table in tables else {}
        found = rows.get("drawn", [None] * 3)[column]
        return found["value"] if found else float("nan")

    return [figure("r_precision"), figure("r_precision", 1), figure("composition"), figure("kid"), figure("speed", 1)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--data", required=True, help="the pack")
    parser.add_argument("--judge", required=True, help="the CLIP that judges")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--limn", default="./limn")
    parser.add_argument("--solvers", nargs="+", default=["ddpm", "ddim"])
    parser.add_argument("--steps", nargs="+", type=int, default=[8, 15, 30, 60])
    parser.add_argument("--guidance", nargs="+", type=float, default=[1.5, 2.5])
    parser.add_argument("--candidates", nargs="+", type=int, default=[1])
    parser.add_argument("-n", "--captions", type=int, default=100)
    parser.add_argument("--scenes", type=int, default=0)
    options = parser.parse_args()
    print("| solver | steps | guidance | candidates | picture → caption | caption → picture | objects | KID × 1000 | seconds |")
    print("|---|---|---|---|---|---|---|---|---|")
    for point in itertools.product(options.solvers, options.steps, options.guidance, options.candidates):
        figures = evaluate(options, *point)
        cells = [*map(str, point), *(f"{figure:.3f}" for figure in figures[:3]), f"{figures[3]:.0f}", f"{figures[4]:.2f}"]
        print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
