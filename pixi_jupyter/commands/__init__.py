"""From words to requests, and from results to text and JSON."""
