"""Needs every figure's dataset and pictures; makes reports/claims.json and reports/report.html."""


rule claims:
    input:
        data=expand("data/{figure}.nc", figure=FIGURES),
        claims=str(PROJECT / "workflow/claims.yaml"),
    output:
        "reports/claims.json",
    log:
        "reports/logs/claims.log",
    benchmark:
        "reports/benchmarks/claims.tsv"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        job={"figures": FIGURES, "code": runs.fingerprint("entanglement.claims")},
    message:
        "claims: judge them"
    shell:
        "entanglement claims --claims {input.claims:q} --figures {params.job[figures]}"
        " > {log:q} 2>&1"


rule report:
    input:
        data=expand("data/{figure}.nc", figure=FIGURES),
        claims="reports/claims.json",
        definitions=str(PROJECT / "workflow/claims.yaml"),
        words=str(PROJECT / "workflow/report.yaml"),
        cells=[
            f"reports/figures/{figure}/cells/{cell}.svg"
            for figure in FIGURES
            for cell in jobs.names(CONFIG, figure)
        ],
        panels=[
            f"reports/figures/{figure}/{panel}.svg"
            for figure in FIGURES
            for panel in PANELS[figure]
        ],
    output:
        "reports/report.html",
    log:
        "reports/logs/report.log",
    benchmark:
        "reports/benchmarks/report.tsv"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        job=runs.report_job(CONFIG, REGISTRY),
        json=runs.as_json(runs.report_job(CONFIG, REGISTRY)),
        project=str(PROJECT),
    message:
        "report: everything in one file"
    shell:
        "entanglement report --job {params.json:q} --project {params.project:q} > {log:q} 2>&1"
