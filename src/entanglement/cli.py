"""The command line: what Snakemake's rules call, and what people ask."""

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from entanglement.pipeline import warm
from entanglement.pipeline.errors import MendableError
from entanglement.pipeline.home import home, project
from entanglement.pipeline.process import end_on_interrupt, use_one_thread


def main(arguments: list[str] | None = None) -> int:
    """Run one command; what people can mend is one message and exit code 1."""
    if arguments is None:
        end_on_interrupt()
        if (code := warm.ask(sys.argv[1:])) is not None:
            return code
    parser = _parser()
    options = parser.parse_args(arguments)
    use_one_thread()
    # Told by a workflow that has this one as a module.
    job = getattr(options, "job", None) or {}
    os.chdir(job.pop("place", "."))
    try:
        return int(options.run(options) or 0)
    except BrokenPipeError:
        return 1
    except MendableError as error:
        print(f"entanglement {options.command}: {_prefix(options)}{error}", file=sys.stderr)
        return 1


def _prefix(options: argparse.Namespace) -> str:
    job = getattr(options, "job", None)
    if not isinstance(job, dict) or "figure" not in job:
        return ""
    return f"{job['figure']} {job.get('cell') or job.get('model') or ''}".strip() + ": "


JOB = "what to do, as JSON, or @ and a file that holds it"


def _job(text: str) -> Any:
    return json.loads(Path(text[1:]).read_bytes() if text.startswith("@") else text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="entanglement",
        description="Two theoretical machine-learning papers put to the test.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, run: Any, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        return made

    for name, text in (
        ("train", "Train one model."),
        ("evaluate", "Evaluate one cell."),
        ("collect", "Join a figure's cells into data/<figure>.nc."),
        ("plot", "Draw every cell of a figure."),
        ("panels", "Draw a figure's panels."),
    ):
        made = command(name, _stage, text + " The workflow's rules call this.")
        made.add_argument("--job", type=_job, required=True, help=JOB)
        if name == "evaluate":
            made.add_argument("--model", help="the trained model's file")

    made = command("claims", _claims, "Judge the claims and write reports/claims.json.")
    either = made.add_mutually_exclusive_group(required=True)
    either.add_argument("--job", type=_job, help=JOB)
    either.add_argument(
        "--seed", action="store_true", help="print the confirmatory root seed that the claims name"
    )
    made.add_argument("--project", type=Path, default=project(), help="folder of the Snakefile")

    made = command("report", _report, "Write reports/report.html.")
    made.add_argument("--job", type=_job, required=True, help=JOB)
    made.add_argument("--project", type=Path, default=project(), help="folder of the Snakefile")

    made = command("plan", _plan, "Say what the next run would do, and why, without running it.")
    _add_config(made)
    made = command(
        "check", _check, "Verify every byte of what is stored; exit 1 if not all is whole."
    )
    _add_config(made)
    made = command("prune", _prune, "List results that config.yaml no longer names.")
    _add_config(made)
    made.add_argument("--yes", action="store_true", help="delete them")

    made = command("archive", _archive, "Pack a finished run into one RO-Crate.")
    _add_config(made)
    made.add_argument(
        "--output", type=Path, default=Path("entanglement.crate.zip"), help="the file"
    )
    made = command("verify", _verify, "Check every byte of an archive.")
    made.add_argument("archive", type=Path, metavar="ARCHIVE", help="what `archive` made")
    made.add_argument("--rerun", metavar="FIGURE", help="make this figure again, and compare")

    made = command("predict", _predict, "Say what the exact theory expects of a network family.")
    made.add_argument("--k", type=float, required=True, help="rows kept: width, or pixels")
    made.add_argument("--n", type=float, required=True, help="candidate rows per layer")
    made.add_argument("--layers", type=float, default=100, help="depth L (default: 100)")
    made.add_argument("--alpha", type=float, help="amplitude of the noise of Fig. 9")

    made = command("verdicts", _verdicts, "Judge the claims again for other root seeds.")
    _add_config(made)
    made.add_argument("--seeds", type=int, default=20, help="how many (default: 20)")
    made.add_argument("--processes", type=int, default=os.cpu_count(), help="default: all cores")
    made.add_argument("--figures", nargs="*", help="only these (default: all of config.yaml)")

    made = command("new-experiment", _begin, "Write a small experiment that works, to fill in.")
    made.add_argument("name", metavar="NAME", help="its name: small letters, digits and _")
    made.add_argument("--project", type=Path, default=Path("."), help="folder of the Snakefile")

    command("schema", _schema, "Print the JSON schema of config.yaml.")
    command("snakefile", _snakefile, "Print where the workflow's Snakefile is.")
    return parser


def _add_config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--configfile", type=Path, nargs="+", default=[], metavar="FILE",
        help="as for snakemake: read on top of config.yaml",
    )  # fmt: skip
    parser.add_argument(
        "--project",
        type=Path,
        default=project(),
        help="folder of the Snakefile (default: here, or that of the installed workflow)",
    )


def _load(options: argparse.Namespace) -> Any:
    from entanglement.experiments import REGISTRY
    from entanglement.pipeline import config, given

    files = given.config_files(options.project, options.configfile)
    return config.load(files, REGISTRY)


def _products(options: argparse.Namespace, config: Any) -> Any:
    from entanglement.experiments import REGISTRY
    from entanglement.pipeline import products, runs

    panels = runs.panels(options.project, sorted(config.figures))
    return products.chain(config, REGISTRY, options.project, panels)


def _plan(options: argparse.Namespace) -> None:
    from entanglement.pipeline import plan

    print(plan.plan(_products(options, _load(options))))


def _check(options: argparse.Namespace) -> int:
    from entanglement.pipeline.audit import audit

    found = audit(_products(options, _load(options)))
    print(found)
    return int(bool(found.problems))


def _prune(options: argparse.Namespace) -> None:
    from entanglement.pipeline import leftovers

    for line in leftovers.prune(_products(options, _load(options)), options.yes):
        print(line)


def _stage(options: argparse.Namespace) -> None:
    from entanglement.experiments import REGISTRY
    from entanglement.pipeline import history, provenance, stages

    start = time.monotonic()
    # Time, host and user belong in the log: equal inputs give equal datasets.
    print(json.dumps(provenance.session()), flush=True)
    path = stages.run(REGISTRY, options.command, options.job, getattr(options, "model", None))
    print(history.done(path, start), flush=True)


def _claims(options: argparse.Namespace) -> None:
    from entanglement import claims
    from entanglement.pipeline import jobs, stages

    job = options.job
    path = options.project / "workflow" / "claims.yaml"
    if options.seed:
        ledger = claims.digest(claim.model_dump() for claim in claims.read(path))
        print(claims.seed(ledger))
        return
    stages.unchanged(job, jobs.code("claims", {}, []))
    stages.unedited(path, job["claims"])
    # After a run that did not finish, only the claims of whole figures are judged.
    whole = job.get("whole", job["figures"])
    judged = claims.judge(path, Path("data"), whole)
    waiting = set(job["figures"]) - set(whole)
    judged_from = {
        figure: jobs.claims_made(job, figure)
        for figure in {entry["figure"] for entry in judged} - waiting
    }
    claims.write(Path("reports/claims.json"), judged, judged_from)


def _report(options: argparse.Namespace) -> None:
    from entanglement import report
    from entanglement.experiments import REGISTRY
    from entanglement.pipeline import jobs, stages
    from entanglement.report import words

    job, workflow = options.job, options.project / "workflow"
    stages.unchanged(job, jobs.code("report", REGISTRY, job["figures"]))
    stages.unedited(workflow / "report.yaml", job["words"])
    stages.unedited(workflow / "coverage.yaml", job["coverage"])
    made = {}
    if "status" not in job:  # a partial report never counts as made
        sources = jobs.report_sources(words.read(workflow / "report.yaml").panels(job["figures"]))
        made = jobs.made(job, sources)
    output = Path("reports/report.html")
    report.build(Path("."), workflow, job, job.get("status"), output, made)


def _archive(options: argparse.Namespace) -> None:
    from entanglement import archive
    from entanglement.pipeline import given

    files = given.config_files(options.project, options.configfile)
    config = _load(options)
    held = archive.pack(options.project, files, config, _products(options, config), options.output)
    print(f"{options.output}: {len(held)} files, {options.output.stat().st_size / 1e6:.1f} MB")


def _verify(options: argparse.Namespace) -> None:
    from entanglement import archive

    print(archive.verify(options.archive))
    if options.rerun:
        print(archive.rerun(options.archive, options.rerun))


def _predict(options: argparse.Namespace) -> None:
    from pydantic import ValidationError

    from entanglement.networks.architecture import Architecture
    from entanglement.pipeline.checks import whole
    from entanglement.theory.prediction import prediction

    try:
        a = Architecture(k=options.k, n=options.n, depth=options.layers, networks=1)
        wrong = []
    except ValidationError as error:
        wrong = [text.replace("depth: ", "layers: ", 1) for text in whole(error)]
    if options.alpha is not None and not 0 < options.alpha < float("inf"):
        wrong.append(f"alpha: {options.alpha} given; must be more than 0 and finite")
    if wrong:
        raise MendableError("\n".join(wrong))
    print(prediction(a.k, a.n, a.depth, options.alpha))


def _verdicts(options: argparse.Namespace) -> int:
    from entanglement.claims import stability
    from entanglement.experiments import REGISTRY

    config = _load(options)
    figures = options.figures or sorted(config.figures)
    ledger = options.project / "workflow" / "claims.yaml"
    table = stability.repeat(config, REGISTRY, figures, options.seeds, options.processes, ledger)
    print(stability.as_text(table))
    return int(stability.flips(table))


def _begin(options: argparse.Namespace) -> None:
    from entanglement import scaffold

    print(scaffold.begin(options.project, options.name))


def _schema(options: argparse.Namespace) -> None:
    from entanglement.experiments import REGISTRY
    from entanglement.pipeline.schema import schema

    print(json.dumps(schema(REGISTRY), indent=1))


def _snakefile(options: argparse.Namespace) -> None:
    print(home() / "Snakefile")


if __name__ == "__main__":
    sys.exit(main())
