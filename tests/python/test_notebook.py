# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
"""docs/tutorials/explore.ipynb, executed from the first cell to the last: its outputs are those that it was stored with.

With --update: stores the outputs of this execution in the notebook.
"""
import os
import sys
import tempfile
import unittest

NOTEBOOK = os.path.join(os.environ["WAGESIM_SOURCE_DIR"], "docs/tutorials/explore.ipynb")


def executed():
    """The notebook with new outputs. Jupyter's own files go to a folder that is removed."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(NOTEBOOK, as_version=4)
    with tempfile.TemporaryDirectory(prefix="wagesim-jupyter-") as folder:
        for variable in ("JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR", "MPLCONFIGDIR"):
            os.environ[variable] = folder
        client = NotebookClient(notebook, timeout=500, kernel_name="python3", record_timing=False,
                                resources={"metadata": {"path": os.path.dirname(NOTEBOOK)}})
        client.execute()
    return notebook


def texts(notebook):
    """The texts that the cells have printed or shown, pictures as a word."""
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        shown = []
        for output in cell.outputs:
            if output.output_type == "stream":
                shown.append(output.text)
            elif "image/png" in output.get("data", {}):
                shown.append("a picture")
            else:
                shown.append(output.data["text/plain"])
        yield cell.source, shown


class Notebook(unittest.TestCase):
    def test_its_outputs_are_those_that_it_was_stored_with(self):
        try:
            import ipykernel  # noqa: F401
            import matplotlib  # noqa: F401
            import nbclient  # noqa: F401
            import nbformat
        except ImportError as missing:
            self.skipTest(f"no {missing.name}")
        stored = list(texts(nbformat.read(NOTEBOOK, as_version=4)))
        self.assertGreater(sum("a picture" in shown for _, shown in stored), 1)
        for (source, now), (_, then) in zip(texts(executed()), stored, strict=True):
            self.assertEqual(now, then, source)


if __name__ == "__main__":
    if sys.argv[1:] == ["--update"]:
        import nbformat

        nbformat.write(executed(), NOTEBOOK)
    else:
        unittest.main()
