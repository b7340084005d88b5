"""What AWS charges: the price tables, asked by meter, region and day."""
