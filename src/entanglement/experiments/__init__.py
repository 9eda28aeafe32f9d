"""One small package per experiment; this is the only place that lists them.

What the functions of each are given and give is the same for all: `train(parameters, seeds)`
and `evaluate(model, cell, seeds)` make a dataset; `summarise(results)` adds to all collected cells
with their curves what no declaration can; `plot_cell(evaluation)` draws one cell,
`plot_panels(results)` gives every panel by name, `explore(results)` what readers play with.
docs/add-an-experiment.md builds one.
"""

# Strings, imported when used: a job loads its own experiment and nothing else.
REGISTRY = {
    "convergence": "entanglement.experiments.convergence",
    "trajectories": "entanglement.experiments.trajectories",
    "light_speed": "entanglement.experiments.light_speed",
    "noise_recovery": "entanglement.experiments.noise_recovery",
    "adversarial_digits": "entanglement.experiments.adversarial_digits",
    "gradient_descent": "entanglement.experiments.gradient_descent",
    "optimisers": "entanglement.experiments.optimisers",
    "overparameterised": "entanglement.experiments.overparameterised",
    "reconciliation": "entanglement.experiments.reconciliation",
    "secrecy": "entanglement.experiments.secrecy",
    "causes": "entanglement.experiments.causes",
    "collapse_rate": "entanglement.experiments.collapse_rate",
    "nonlinear": "entanglement.experiments.nonlinear",
    "rank_collapse": "entanglement.experiments.rank_collapse",
    "sign_hash": "entanglement.experiments.sign_hash",
    "distance_products": "entanglement.experiments.distance_products",
    "equivalent_attention": "entanglement.experiments.equivalent_attention",
    "associative_recall": "entanglement.experiments.associative_recall",
    "distance_robustness": "entanglement.experiments.distance_robustness",
    "barriers": "entanglement.experiments.barriers",
}
