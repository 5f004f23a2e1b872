"""Loaded last before processes are forked: what is there by then stays shared, the collector does not touch it."""

import gc

gc.collect()
gc.freeze()
