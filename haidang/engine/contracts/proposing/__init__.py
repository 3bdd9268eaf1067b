"""From a file nobody has described to a contract: what is proposed of it, and why. A person confirms."""
