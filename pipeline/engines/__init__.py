"""Speech recognisers behind one protocol; importing this package loads none of them."""
