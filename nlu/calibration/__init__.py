"""Sentences that thresholds are chosen by, and nothing is learnt from: one file a language (`nlu.evaluation`)."""
