# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
"""Tables and arrays of a result against the result itself."""
import unittest

import numpy
from place import Place


class Results(Place):
    def test_tables_have_what_the_result_has(self):
        run = self.on_chip(**{"chip.technology": None})
        self.assertIsNone(run.simulate(steps=2)["chip"]["energy_j"])
        result = self.on_chip().simulate(steps=12)
        chip = result["chip"]
        self.assertAlmostEqual(result.energy().to_numpy().sum(), chip["energy_j"], delta=1e-12 * chip["energy_j"])
        for component, phases in chip["energy_by"].items():
            for phase, joules in phases.items():
                self.assertEqual(result.energy().loc[component, phase], joules)
        self.assertAlmostEqual(result.area().sum(), chip["area_mm2"], places=9)
        units = result.units()
        self.assertEqual(set(units.index), set(chip["utilisation"]))
        self.assertEqual(units.loc["partitions0", "utilisation"], chip["utilisation"]["partitions0"])
        self.assertEqual(units.loc["partitions0", "waits_forward"], chip["waits_cycles"]["partitions0"]["forward"])
        self.assertEqual(result.traffic().loc["dram", "errors"], chip["traffic_bytes"]["dram"]["errors"])
        layers = result.layers()
        self.assertEqual(list(layers.index), [layer["name"] for layer in chip["layers"]])
        self.assertEqual(layers["macs"].sum(), sum(chip["macs"].values()))
        self.assertEqual(result.figure("chip.cycles"), chip["cycles"])
        self.assertEqual(result.energy("evaluation").shape[0], len(result["evaluation"]["energy_by"]))
        self.assertIn("cycles=", repr(result))

    def test_epochs_are_rows(self):
        result = self.tiny().train()
        epochs = result.epochs()
        self.assertEqual(list(epochs.index), [0, 1, 2])
        self.assertEqual(epochs["test_error"].iloc[-1], result["final_test_error"])
        self.assertEqual(self.tiny().train(steps=0).epochs().shape, (0, 4))

    def test_what_a_result_does_not_have_is_named(self):
        result = self.tiny().train()
        with self.assertRaisesRegex(KeyError, "chip: this result has none"):
            result.energy()
        with self.assertRaisesRegex(KeyError, "steps: this result has none"):
            result.energy("steps")
        with self.assertRaisesRegex(KeyError, "epochs: this result has none"):
            self.tiny().infer(self.tiny().train(out=self / "out").folder + "/weights.npz").epochs()
        with self.assertRaisesRegex(ValueError, "give it one with out="):
            result.weights()
        no_technology = self.on_chip(**{"chip.technology": None}).simulate(steps=2)
        with self.assertRaisesRegex(KeyError, "chip.energy_by"):
            no_technology.energy()

    def test_weights_and_records_are_arrays(self):
        result = self.tiny().train(out=self / "out", record=True)
        weights = result.weights()
        self.assertEqual([each.shape for each in weights], [(4, 1, 3, 3), (10, 36)])
        self.assertTrue(all(numpy.issubdtype(each.dtype, numpy.integer) for each in weights))
        record = result.record()
        self.assertEqual(record["steps/loss"].shape, (36,))
        numpy.testing.assert_array_equal(record["epochs/test_error"], result.epochs()["test_error"])


if __name__ == "__main__":
    unittest.main()
