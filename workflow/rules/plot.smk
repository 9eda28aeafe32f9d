"""Needs evaluations and datasets; makes reports/figures/<figure>/cells/ and its panels.

One process draws all cells of a figure, since a plot takes less time than its imports.
"""

for FIGURE in FIGURES:

    rule:
        name:
            f"plot_{FIGURE}"
        input:
            jobs.evaluations(CONFIG, FIGURE),
        output:
            [jobs.picture_path(FIGURE, cell) for cell in jobs.names(CONFIG, FIGURE)],
        log:
            f"reports/logs/plot/{FIGURE}.log",
        benchmark:
            f"reports/benchmarks/plot/{FIGURE}.tsv"
        threads: 1
        resources:
            mem_mb=1500,
            runtime=30,
        params:
            job=jobs.compared(jobs.figures(CONFIG, REGISTRY, FIGURE)),
            json=runs.as_json(jobs.figures(CONFIG, REGISTRY, FIGURE)),
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
            mem_mb=1500,
            runtime=30,
        params:
            job=jobs.compared(jobs.figures(CONFIG, REGISTRY, FIGURE)),
            json=runs.as_json(jobs.panels(CONFIG, REGISTRY, FIGURE, PANELS[FIGURE])),
        message:
            f"panels {FIGURE}: what the report shows"
        shell:
            "entanglement panels --job {params.json:q} > {log:q} 2>&1"
