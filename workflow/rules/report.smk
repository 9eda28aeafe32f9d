"""Needs every figure's dataset and pictures; makes reports/claims.json, reports/report.html and its summaries."""


rule claims:
    input:
        data=expand("data/{figure}.nc", figure=FIGURES),
        claims=str(PROJECT / "workflow/claims.yaml"),
    output:
        report(
            "reports/claims.json", category="Claims", labels={"panel": "all verdicts"}
        ),
    log:
        "reports/logs/claims.log",
    benchmark:
        "reports/benchmarks/claims.tsv"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        job=jobs.claims(CONFIG, PROJECT),
        json=runs.as_json(jobs.claims(CONFIG, PROJECT), PLACE),
        project=str(PROJECT),
    message:
        "claims: judge them"
    shell:
        "entanglement claims --job {params.json:q} --project {params.project:q} > {log:q} 2>&1"


rule report:
    input:
        shown=jobs.report_sources(PANELS),
        words=str(PROJECT / "workflow/report.yaml"),
        coverage=str(PROJECT / "workflow/coverage.yaml"),
        linked=[
            jobs.picture_path(figure, cell)
            for figure in FIGURES
            for cell in jobs.names(CONFIG, figure)
        ],
    output:
        report(
            "reports/report.html",
            category="Claims",
            labels={"panel": "the report itself"},
        ),
        "reports/summary.md",
        "reports/summary.tex",
    log:
        "reports/logs/report.log",
    benchmark:
        "reports/benchmarks/report.tsv"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        job=jobs.report(CONFIG, REGISTRY, PROJECT),
        json=runs.as_json(jobs.report(CONFIG, REGISTRY, PROJECT), PLACE),
        project=str(PROJECT),
    message:
        "report: everything in one file"
    shell:
        "entanglement report --job {params.json:q} --project {params.project:q} > {log:q} 2>&1"
