"""Needs evaluations and datasets; makes reports/figures/<figure>/cells/ and its panels.

One process draws many cells of a figure, since a plot takes less time than its imports.
"""

for FIGURE in FIGURES:

    for RULE, JOB in jobs.pictures(CONFIG, REGISTRY, FIGURE).items():

        rule:
            name:
                RULE
            input:
                [jobs.evaluation_path(FIGURE, cell) for cell in JOB["cells"]],
            output:
                [jobs.picture_path(FIGURE, cell) for cell in JOB["cells"]],
            log:
                f"reports/logs/plot/{FIGURE}/{RULE}.log",
            benchmark:
                f"reports/benchmarks/plot/{FIGURE}/{RULE}.tsv"
            threads: 1
            resources:
                mem_mb=500,
                runtime=10,
            params:
                job=jobs.compared(JOB),
                json=runs.as_json(JOB, PLACE),
            message:
                f"plot {FIGURE}: one picture per cell"
            shell:
                "entanglement plot --job {params.json:q} > {log:q} 2>&1"

    rule:
        name:
            f"panels_{FIGURE}"
        input:
            f"data/{FIGURE}.nc",
        output:
            [
                report(
                    f"reports/figures/{FIGURE}/{panel}.svg",
                    category=TITLES[f"{FIGURE}:paper"],
                    subcategory=TITLES[FIGURE],
                    labels={"panel": TITLES[f"{FIGURE}/{panel}"]},
                )
                for panel in PANELS[FIGURE]
            ],
            [f"reports/figures/{FIGURE}/{panel}.csv" for panel in PANELS[FIGURE]],
        log:
            f"reports/logs/panels/{FIGURE}.log",
        benchmark:
            f"reports/benchmarks/panels/{FIGURE}.tsv"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            job=jobs.compared(jobs.panels(REGISTRY, FIGURE, PANELS[FIGURE])),
            json=runs.as_json(jobs.panels(REGISTRY, FIGURE, PANELS[FIGURE]), PLACE),
        message:
            f"panels {FIGURE}: what the report shows"
        shell:
            "entanglement panels --job {params.json:q} > {log:q} 2>&1"
