"""Sentences that figures are told of, and nothing else: one file a language (`nlu.evaluation`)."""
