"""Needs models and pictures; makes data/<figure>/<cell>/evaluation.nc and data/<figure>.nc."""


rule evaluate:
    input:
        model=lambda w: jobs.models_read(CONFIG, w.figure, w.cell),
        images=lambda w: jobs.images_read(CONFIG, w.figure, w.cell, PLACE),
    output:
        "data/{figure}/{cell}/evaluation.nc",
    log:
        "reports/logs/evaluate/{figure}/{cell}.log",
    benchmark:
        "reports/benchmarks/evaluate/{figure}/{cell}.tsv"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=20,
    params:
        job=lambda w: jobs.evaluate(CONFIG, REGISTRY, w.figure, w.cell),
        json=runs.as_json(
            lambda w: jobs.evaluate(CONFIG, REGISTRY, w.figure, w.cell), PLACE
        ),
        model=lambda w, input: [
            f"--model={os.path.relpath(path, PLACE or os.curdir)}"
            for path in input.model
        ],
    message:
        "evaluate {wildcards.figure}: {wildcards.cell}"
    shell:
        "entanglement evaluate --job {params.json:q} {params.model:q} > {log:q} 2>&1"


rule collect:
    input:
        lambda w: jobs.evaluations(CONFIG, w.figure),
    output:
        "data/{figure}.nc",
    log:
        "reports/logs/collect/{figure}.log",
    benchmark:
        "reports/benchmarks/collect/{figure}.tsv"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        job=lambda w: jobs.compared(jobs.collect(CONFIG, REGISTRY, w.figure)),
        json=runs.as_json(lambda w: jobs.collect(CONFIG, REGISTRY, w.figure), PLACE),
    message:
        "collect {wildcards.figure}: all its cells into one dataset"
    shell:
        "entanglement collect --job {params.json:q} > {log:q} 2>&1"
