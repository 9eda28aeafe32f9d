"""Needs nothing but parameters; makes data/<figure>/<model>/model.nc."""


rule train:
    output:
        "data/{figure}/{model}/model.nc",
    log:
        "reports/logs/train/{figure}/{model}.log",
    benchmark:
        "reports/benchmarks/train/{figure}/{model}.tsv"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=20,
    params:
        job=lambda w: jobs.train(CONFIG, REGISTRY, w.figure, w.model),
        json=runs.as_json(
            lambda w: jobs.train(CONFIG, REGISTRY, w.figure, w.model), PLACE
        ),
    message:
        "train {wildcards.figure}: {wildcards.model}"
    shell:
        "entanglement train --job {params.json:q} > {log:q} 2>&1"
