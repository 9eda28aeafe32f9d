"""What an archive says of itself, as RO-Crate 1.1 (https://w3id.org/ro/crate/1.1)."""

import mimetypes
import os
import platform
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from entanglement.pipeline import provenance

NAME = "ro-crate-metadata.json"
PROFILE = "https://w3id.org/ro/crate/1.1"
LICENCE = "https://spdx.org/licenses/MIT"
AUTHORS = "#authors"
SAID = {
    "reports/report.html": "The report: every claim with its verdict, every figure",
    "reports/claims.json": "Every claim with measurement, interval, control, theory and verdict",
    "reports/summary.md": "Two pages on each paper",
    "reports/summary.tex": "A LaTeX macro for every number",
    "workflow/claims.yaml": "The ledger: what is claimed, and what would count",
    "workflow/envs/lock.txt": "Every library that was installed, with hashes",
    "manifest-sha256.txt": "SHA-256 of every file",
}
# No type of these is registered with every Python.
TYPES = {
    ".nc": "application/netcdf", ".yaml": "application/yaml", ".md": "text/markdown",
    ".tex": "application/x-tex", ".toml": "application/toml", ".cff": "application/yaml",
}  # fmt: skip


def metadata(
    project: Path, digests: Mapping[str, str], sizes: Mapping[str, int], seed: int
) -> dict[str, Any]:
    """Build the metadata file.

    Parameters
    ----------
    project
        Folder of the Snakefile: its commit names code and date.
    digests, sizes
        SHA-256 and bytes of every file, by name.
    seed
        Root of all random streams.
    """
    version, date = _commit(project)
    files = [_file(name, digests[name], sizes[name]) for name in digests]
    libraries = [
        {
            "@id": f"#{name}",
            "@type": "SoftwareApplication",
            "name": name,
            "version": found,
            "identifier": f"pkg:{'generic' if name == 'python' else 'pypi'}/{name}@{found}",
        }
        for name, found in {"python": platform.python_version(), **provenance.libraries()}.items()
    ]
    manifest = {
        "@id": "manifest-sha256.txt", "@type": "File", "name": SAID["manifest-sha256.txt"],
        "encodingFormat": "text/plain",
    }  # fmt: skip
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": "entanglement: two theoretical machine-learning papers put to the test",
        "description": "A finished run: configuration, lock, ledger, code, datasets and report.",
        "datePublished": date,
        "license": {"@id": LICENCE},
        "author": {"@id": AUTHORS},
        "publisher": {"@id": AUTHORS},
        "identifier": f"commit {version}, seed {seed}",
        "hasPart": [{"@id": name} for name in (*digests, manifest["@id"])],
        "mentions": [{"@id": "#run"}],
    }
    run = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": "snakemake",
        "description": f"All that the configuration asks for, with root seed {seed}",
        "instrument": [{"@id": "#workflow"}, {"@id": "#machine"}]
        + [{"@id": one["@id"]} for one in libraries],
        "object": [{"@id": name} for name in digests if name.startswith("config/")],
        "result": [{"@id": name} for name in digests if name.startswith(("data/", "reports/"))],
    }
    workflow = {
        "@id": "#workflow", "@type": "SoftwareApplication", "name": "entanglement",
        "version": version,
    }  # fmt: skip
    return {
        # The specification's own context is older than this term.
        "@context": [f"{PROFILE}/context", {"sha256": "http://schema.org/sha256"}],
        "@graph": [
            {
                "@id": NAME, "@type": "CreativeWork", "conformsTo": {"@id": PROFILE},
                "about": {"@id": "./"},
            },
            root, run, workflow, _machine(),
            {"@id": AUTHORS, "@type": "Organization", "name": "The entanglement authors"},
            {
                "@id": LICENCE, "@type": "CreativeWork", "name": "MIT License",
                "description": "The pictures have licences of their own.",
            },
            *libraries, manifest, *files,
        ],
    }  # fmt: skip


def _file(name: str, digest: str, size: int) -> dict[str, Any]:
    kind = TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "text/plain"
    said = SAID.get(name) or (
        f"Dataset of the figure {Path(name).stem}" if kind == TYPES[".nc"] else Path(name).name
    )
    return {
        "@id": name, "@type": "File", "name": said, "encodingFormat": kind,
        "contentSize": str(size), "sha256": digest,
    }  # fmt: skip


def _machine() -> dict[str, Any]:
    """Say what kind of machine packs; no name of it and nobody's."""
    return {
        "@id": "#machine",
        "@type": "IndividualProduct",
        "name": f"{_processor()}, {os.cpu_count()} cores",
        "description": f"{platform.system()} on {platform.machine()}",
    }


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line]
    return names[0] if names else platform.machine()


def _commit(project: Path) -> tuple[str, str]:
    """Commit of the code and its date; of code outside of git, its version and no later date."""
    command = ["git", "-C", str(project), "log", "-1", "--format=%H %cI"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
        version, _, date = done.stdout.strip().partition(" ")
        return version, date
    except (OSError, subprocess.SubprocessError):
        return "unknown", "1980-01-01T00:00:00+00:00"
