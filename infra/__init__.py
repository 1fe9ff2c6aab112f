"""How Staybook is built, deployed and run: environments, packaging, templates, stacks."""
