"""General equilibrium: what a change of trade costs or tariffs would mean for every economy, solved and certified."""
