"""The town's catalogue: services, categories, papers, offices and areas; data, no code."""
