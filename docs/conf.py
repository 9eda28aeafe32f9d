"""The site: pages in Markdown, a reference made from the code, formulas that ask nobody.

Sphinx and not MkDocs: docstrings, cross-references and "no warning" (`-W`) come with it, it has
no theme of another maker to keep in step, and its theme needs no network.
"""

import sys
from pathlib import Path

from docutils import nodes

sys.path.insert(0, str(Path(__file__).parent))
import reference

from entanglement.claims import DocumentError
from entanglement.report.markdown import mathml

project = "entanglement"
extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_build", "*.ipynb"]
html_theme = "alabaster"
html_theme_options = {
    "description": "Two papers, put to the test",
    "page_width": "1100px",
    "fixed_sidebar": True,
}
html_sidebars = {"**": ["about.html", "searchfield.html", "navigation.html"]}
html_math_renderer = "mathml"
html_show_sphinx = html_copy_source = False
myst_enable_extensions = ["dollarmath"]
myst_dmath_double_inline = True  # displayed formulas stand within paragraphs, too
myst_heading_anchors = 3
# Docstrings write code between single backticks.
default_role = "code"
autodoc_typehints = "none"  # signatures stay readable; the docstrings say shapes and units
autodoc_member_order = "bysource"


def _formula(display: bool):
    def visit(translator, node):
        try:
            translator.body.append(str(mathml(node.astext(), block=display)))
        except DocumentError as error:
            from sphinx.util import logging

            logging.getLogger(__name__).warning("%s", error, location=node)
        raise nodes.SkipNode

    return visit


def setup(app):
    """Register the formulas and the pages that are made from the code."""
    app.add_html_math_renderer("mathml", (_formula(False), None), (_formula(True), None))
    app.connect("source-read", reference.fill)
    app.connect("autodoc-process-docstring", reference.as_written)
