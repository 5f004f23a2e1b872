"""WE.CA.RE. and WILL."""
