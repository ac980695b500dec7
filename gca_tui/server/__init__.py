"""The remote store: what every agent's machine is measured against. Needs the extra `serveur`."""
